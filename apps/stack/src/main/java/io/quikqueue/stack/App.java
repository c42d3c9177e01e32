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

  /**
   * Whether it leaves the cores to the api and its database, for which clients wait. Under load on
   * one machine 16 clients submit about 1.2 times as fast for it.
   */
  boolean nice() {
    return this != API;
  }

  /** The admin port it has when the api is on its default port. */
  int adminPort() {
    return adminPort;
  }
}
