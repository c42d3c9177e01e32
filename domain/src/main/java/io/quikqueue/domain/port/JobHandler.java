package io.quikqueue.domain.port;

import org.jspecify.annotations.Nullable;

/**
 * Runs attempts of one type of job. Each is called on a thread of the attempt's own, and may block.
 */
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
   * Whether it may compute for long without blocking, as code that nobody here knows may. It then
   * runs on platform threads. Virtual threads share few carriers with all that serves the API.
   */
  default boolean mayCompute() {
    return false;
  }

  /**
   * A JSON Schema (2020-12) that describes the payloads it can use; null = nothing is known. Must
   * not refuse what {@link #run} could use.
   */
  default @Nullable String payloadSchema() {
    return null;
  }

  /**
   * Says which host a job calls, so that its other jobs wait while the host asks to be called
   * later; null = jobs of this type call none.
   */
  default @Nullable HostFinder hostFinder() {
    return null;
  }

  /** Reads out of a payload which host the job calls. */
  @FunctionalInterface
  interface HostFinder {

    /** Scheme, name and port, such as {@code http://127.0.0.1:8000}; null = it calls none. */
    @Nullable String hostOf(String payload);
  }

  /** Whether it bounds its results itself, so that the worker's bound does not apply to them. */
  default boolean boundsResults() {
    return false;
  }

  /**
   * What an attempt produced.
   *
   * @param json JSON text; null = no result
   * @param note a short human summary; null = none
   */
  record Result(@Nullable String json, @Nullable String note) {}
}
