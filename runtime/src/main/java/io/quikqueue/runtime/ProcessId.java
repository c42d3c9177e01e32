package io.quikqueue.runtime;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The name of this process start, unique among all: host, pid and a random part. */
public final class ProcessId {

  private ProcessId() {}

  /** Makes a name. */
  public static String next() {
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    return host() + "-" + ProcessHandle.current().pid() + "-" + HexFormat.of().formatHex(random);
  }

  /** The name of this host, or {@code localhost} when it has none. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
