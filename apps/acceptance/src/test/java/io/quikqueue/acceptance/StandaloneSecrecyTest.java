package io.quikqueue.acceptance;

/** Secrets in one process. */
final class StandaloneSecrecyTest extends Secrecy {

  StandaloneSecrecyTest(Standalone system, Effects effects) {
    super(system, effects);
  }
}
