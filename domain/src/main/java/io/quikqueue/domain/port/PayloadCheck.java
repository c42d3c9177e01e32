package io.quikqueue.domain.port;

/** What the payloads of a type of job have to be like. Safe for use by several threads. */
@FunctionalInterface
public interface PayloadCheck {

  /**
   * Checks a payload.
   *
   * @param payload valid JSON
   * @throws io.quikqueue.domain.job.InvalidPayloadException saying where it does not fit, and why
   */
  void check(String payload);
}
