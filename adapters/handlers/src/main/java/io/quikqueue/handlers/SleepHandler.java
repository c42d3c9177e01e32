package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import java.util.Map;

/** Takes the time that its payload says, {@code {"ms"}}, and reports every second how far it is. */
final class SleepHandler implements JobHandler {

  private static final String SCHEMA =
      """
      {"type": "object",
       "properties": {"ms": {"type": "integer", "minimum": 0, "maximum": 86400000}},
       "required": ["ms"],
       "additionalProperties": false}\
      """;
  private static final long STEP_MS = 1_000;

  record Sleep(long ms) {}

  @Override
  public String payloadSchema() {
    return SCHEMA;
  }

  @Override
  public Result run(JobRun run) throws PermanentFailureException, InterruptedException {
    long ms = PayloadJson.read(run.job().spec().payload(), Sleep.class).ms();
    WorkTime.check(ms);
    long slept = 0;
    while (ms - slept > STEP_MS) {
      WorkTime.spend(STEP_MS);
      slept += STEP_MS;
      run.progress((int) (100 * slept / ms), "slept %d of %d ms".formatted(slept, ms));
    }
    WorkTime.spend(ms - slept);
    return new Result(PayloadJson.write(Map.of("slept_ms", ms)), "slept " + ms + " ms");
  }
}
