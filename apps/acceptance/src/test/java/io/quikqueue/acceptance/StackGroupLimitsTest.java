package io.quikqueue.acceptance;

/** Limits and groups of the distributed system. */
final class StackGroupLimitsTest extends GroupLimits {

  StackGroupLimitsTest(StackRun system, Effects effects) {
    super(system, effects);
  }
}
