package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fails its first attempts, {@code {"times", "permanent"?}}. Attempts are counted over the job's
 * whole life, so a job that was given up succeeds when it is retried often enough.
 */
final class FailHandler implements JobHandler {

  private static final String SCHEMA =
      """
      {"type": "object",
       "properties": {
         "times": {"type": "integer", "minimum": 0, "maximum": 2147483647},
         "permanent": {"type": ["boolean", "null"]}},
       "required": ["times"],
       "additionalProperties": false}\
      """;

  record Fail(int times, @Nullable Boolean permanent) {}

  @Override
  public String payloadSchema() {
    return SCHEMA;
  }

  /** What it throws, so that a report shows a failure that was asked for. */
  static final class AskedToFailException extends Exception {

    private static final long serialVersionUID = 1L;

    AskedToFailException(String message) {
      super(message);
    }
  }

  @Override
  public Result run(JobRun run) throws PermanentFailureException, AskedToFailException {
    Fail fail = PayloadJson.read(run.job().spec().payload(), Fail.class);
    if (fail.times() < 0) {
      throw new PermanentFailureException("times: must not be negative");
    }
    int attempt = run.job().attempt();
    if (attempt > fail.times()) {
      return new Result(
          PayloadJson.write(Map.of("attempt", attempt)), "succeeded at attempt " + attempt);
    }
    String message = "attempt " + attempt + " of " + fail.times() + " that are to fail";
    if (Boolean.TRUE.equals(fail.permanent())) {
      throw new PermanentFailureException(message);
    }
    throw new AskedToFailException(message);
  }
}
