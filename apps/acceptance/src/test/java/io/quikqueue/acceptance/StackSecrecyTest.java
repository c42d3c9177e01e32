package io.quikqueue.acceptance;

/** Secrets of the distributed system. */
final class StackSecrecyTest extends Secrecy {

  StackSecrecyTest(StackRun system, Effects effects) {
    super(system, effects);
  }
}
