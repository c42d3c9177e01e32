package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import java.math.BigDecimal;

/** Adds two numbers and multiplies each by the sum. */
final class SumMultiplyHandler implements JobHandler {

  record Products(BigDecimal sum, BigDecimal aTimesSum, BigDecimal bTimesSum) {}

  @Override
  public String payloadSchema() {
    return Operands.SCHEMA;
  }

  @Override
  public Result run(JobRun run) throws PermanentFailureException, InterruptedException {
    Operands operands = Operands.of(run);
    BigDecimal sum = operands.a().add(operands.b());
    Products products = new Products(sum, operands.a().multiply(sum), operands.b().multiply(sum));
    return new Result(
        PayloadJson.write(products),
        "the sum is "
            + sum
            + ", the products are "
            + products.aTimesSum()
            + " and "
            + products.bTimesSum());
  }
}
