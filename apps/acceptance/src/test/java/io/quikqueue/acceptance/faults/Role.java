package io.quikqueue.acceptance.faults;

import java.util.Locale;

/** A kind of process of the distributed system. */
enum Role {
  API,
  CONSUMER,
  WORKER,
  SCHEDULER;

  /** The launcher's word for it, and the name of its configuration file. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
