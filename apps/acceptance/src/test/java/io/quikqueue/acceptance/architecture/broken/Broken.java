package io.quikqueue.acceptance.architecture.broken;

/** Below its package lies a small house in which every rule is broken. */
public final class Broken {
  private Broken() {}
}
