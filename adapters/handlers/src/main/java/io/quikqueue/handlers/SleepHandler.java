package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import java.util.Map;

/** Takes the time that its payload says, {@code {"ms"}}. */
final class SleepHandler implements JobHandler {

  private static final String SCHEMA =
      """
      {"type": "object",
       "properties": {"ms": {"type": "integer", "minimum": 0, "maximum": 86400000}},
       "required": ["ms"],
       "additionalProperties": false}""";

  record Sleep(long ms) {}

  @Override
  public String payloadSchema() {
    return SCHEMA;
  }

  @Override
  public Result run(JobRun run) throws PermanentFailureException, InterruptedException {
    long ms = Json.read(run.job().spec().payload(), Sleep.class).ms();
    WorkTime.spend(ms);
    return new Result(Json.write(Map.of("slept_ms", ms)), "slept " + ms + " ms");
  }
}
