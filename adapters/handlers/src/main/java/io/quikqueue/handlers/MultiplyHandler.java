package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import java.math.BigDecimal;
import java.util.Map;

/** Multiplies two numbers. */
final class MultiplyHandler implements JobHandler {

  @Override
  public String payloadSchema() {
    return Operands.SCHEMA;
  }

  @Override
  public Result run(JobRun run) throws PermanentFailureException, InterruptedException {
    Operands operands = Operands.of(run);
    BigDecimal product = operands.a().multiply(operands.b());
    return new Result(PayloadJson.write(Map.of("product", product)), "the product is " + product);
  }
}
