package io.quikqueue.handler;

/** The kind of thread that a handler's attempts run on. */
public enum Threads {
  /** A thread of the operating system each: for any code. */
  PLATFORM,

  /**
   * A virtual thread each: cheaper, for code that mostly waits. Code that computes for long without
   * blocking keeps all other virtual threads of the process from running, those that serve the API
   * among them.
   */
  VIRTUAL
}
