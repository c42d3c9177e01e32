package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The payload of the handlers that calculate, {@code {"a", "b", "ms"?}}. Numbers are exact
 * decimals.
 */
record Operands(BigDecimal a, BigDecimal b, @Nullable Long ms) {

  static final String SCHEMA =
      """
      {"type": "object",
       "properties": {
         "a": {"type": "number", "minimum": -1e31, "maximum": 1e31},
         "b": {"type": "number", "minimum": -1e31, "maximum": 1e31},
         "ms": {"type": ["integer", "null"], "minimum": 0, "maximum": 86400000}},
       "required": ["a", "b"],
       "additionalProperties": false}\
      """;

  /** Keeps 1e999999999 from being written out. */
  private static final int MAX_DIGITS = 30;

  /** Reads the payload of the attempt and takes the time it says. */
  static Operands of(JobRun run) throws PermanentFailureException, InterruptedException {
    Operands operands = PayloadJson.read(run.job().spec().payload(), Operands.class);
    check("a", operands.a);
    check("b", operands.b);
    WorkTime.spend(operands.ms);
    return operands;
  }

  private static void check(String field, @Nullable BigDecimal number)
      throws PermanentFailureException {
    if (number == null) {
      throw new PermanentFailureException(field + ": is missing");
    }
    if (number.precision() > MAX_DIGITS || Math.abs(number.scale()) > MAX_DIGITS) {
      throw new PermanentFailureException(field + ": must have at most " + MAX_DIGITS + " digits");
    }
  }
}
