package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import java.math.BigDecimal;
import java.util.Map;

/** Adds two numbers. */
final class AddHandler implements JobHandler {

  @Override
  public String payloadSchema() {
    return Operands.SCHEMA;
  }

  @Override
  public Result run(JobRun run) throws PermanentFailureException, InterruptedException {
    Operands operands = Operands.of(run);
    BigDecimal sum = operands.a().add(operands.b());
    return new Result(PayloadJson.write(Map.of("sum", sum)), "the sum is " + sum);
  }
}
