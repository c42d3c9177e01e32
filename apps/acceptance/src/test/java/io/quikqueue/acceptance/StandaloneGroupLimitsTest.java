package io.quikqueue.acceptance;

/** Limits and groups in one process. */
final class StandaloneGroupLimitsTest extends GroupLimits {

  StandaloneGroupLimitsTest(Standalone system, Effects effects) {
    super(system, effects);
  }
}
