package io.quikqueue.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds TCP ports of 127.0.0.1 that nobody listens on. */
public final class FreePorts {
  // Below the kernel's ephemeral range: a client that keeps knocking at a dead port of that range
  // can end up
  // connected to itself, and then the server cannot come back on it.
  private static final int LOWEST = 12_000;
  private static final int HIGHEST = 31_999;
  private static final int TRIES = 200;

  private FreePorts() {}

  /** A port that was free a moment ago; another process may still be faster. */
  public static int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
      if (isFree(port)) {
        return port;
      }
    }
    throw new ServerException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  /** Whether a server could listen on this port of 127.0.0.1 now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
  }
}
