package io.quikqueue.domain.port;

import java.util.Locale;

/** What people have said about a group of FAILED jobs. */
public enum DeadStatus {
  OPEN,
  /** Its cause is gone: the next failure of the kind opens it again. */
  RESOLVED,
  /** Nobody wants to hear of it, whatever comes. */
  IGNORED;

  /** As people and programs read it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
