package io.quikqueue.simulation;

/** The process that makes a call dies. An Error, so that no production code mistakes it for one. */
final class Crash extends Error {

  private static final long serialVersionUID = 1L;

  Crash() {
    super("crashed", null, false, false);
  }
}
