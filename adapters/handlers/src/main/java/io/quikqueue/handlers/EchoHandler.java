package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;

/** Its payload is its result. */
final class EchoHandler implements JobHandler {

  @Override
  public Result run(JobRun run) {
    return new Result(run.job().spec().payload(), "echoed");
  }
}
