package io.quikqueue.stack;

import java.util.Locale;

/** The apps of the stack, in the order they are shown. */
enum App {
  API(8001),
  CONSUMER(8011),
  WORKER(8021),
  SCHEDULER(8031);

  private final int adminPort;

  App(int adminPort) {
    this.adminPort = adminPort;
  }

  /** The launcher's word for it, and the name of its configuration file. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The admin port it has when the api is on its default port. */
  int adminPort() {
    return adminPort;
  }
}
