package io.quikqueue.runtime;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.rest.ServedHosts;
import java.util.List;

/** The host that a process is bound to. */
public final class BoundHost {

  /** What is said of a text that is none; the text and a quotation mark follow. */
  public static final String RULE = "must be a host name or an address, without a port, not \"";

  private BoundHost() {}

  /** Whether a text can be one; whether it is one of this machine is seen when it is bound. */
  public static boolean isOne(String host) {
    if (host.isBlank() || host.contains(",") || !host.strip().equals(host)) {
      return false;
    }
    try {
      new ServedHosts(List.of(host));
      return true;
    } catch (InvalidFieldException e) {
      return false;
    }
  }
}
