package io.quikqueue.domain.port;

import java.util.Locale;

/** Where an operation stands. */
public enum OperationState {
  RUNNING,
  PAUSED,
  ABORTED,
  DONE;

  /** Whether it goes no further. */
  public boolean over() {
    return switch (this) {
      case RUNNING, PAUSED -> false;
      case ABORTED, DONE -> true;
    };
  }

  /** As people and programs read it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
