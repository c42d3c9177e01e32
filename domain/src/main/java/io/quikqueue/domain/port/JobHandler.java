package io.quikqueue.domain.port;

import org.jspecify.annotations.Nullable;

/** Runs attempts of one type of job. Called on a virtual thread of the attempt's own; may block. */
@FunctionalInterface
public interface JobHandler {

  /**
   * Runs one attempt. An interrupt asks it to stop: the job was cancelled, timed out, or its worker
   * drains.
   *
   * @throws PostponedException when the job cannot be done now, which is not counted as a failure
   * @throws PermanentFailureException when another attempt would be pointless
   * @throws Exception any other: the attempt failed and the job's policy decides
   */
  Result run(JobRun run) throws Exception;

  /**
   * What an attempt produced.
   *
   * @param json JSON text; null = no result
   * @param note a short human summary; null = none
   */
  record Result(@Nullable String json, @Nullable String note) {}
}
