package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.InvalidFieldException;
import java.nio.charset.StandardCharsets;

/** Bounds results as those of handlers are bounded. */
final class ResultSize {

  private ResultSize() {}

  static void require(LeaseReport report, int most) {
    if (report instanceof LeaseReport.Complete(_, String result, _)
        && result != null
        && result.length() > most / 3) { // a character is at most three bytes
      int bytes = result.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > most) {
        throw new InvalidFieldException(
            "result", "has %d bytes, of %d at most; let the job fail".formatted(bytes, most));
      }
    }
  }
}
