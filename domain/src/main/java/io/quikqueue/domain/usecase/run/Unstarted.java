package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.usecase.run.NodePayloads.Resolved;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of attempts that are over without having been started. */
final class Unstarted {

  private static final Duration KEY_WAIT = Duration.ofMinutes(1);

  private Unstarted() {}

  /**
   * How an attempt ends; null = it is to start.
   *
   * @param job as it was taken
   * @param given with the results that it refers to; null = it refers to none
   */
  static @Nullable AttemptOutcome outcome(
      ActiveAttempt attempt, Job job, @Nullable Resolved given, Instant now) {
    if (attempt.job().overdue(now)) {
      return new AttemptOutcome.Expired(now);
    }
    if (SealedText.isSealed(job.spec().payload())) {
      return closed("its payload", job.spec().payload(), now);
    }
    if (given == null) {
      return null;
    }
    if (given.sealed() != null) {
      return closed("a result that it refers to", given.sealed(), now);
    }
    if (given.problem() != null) {
      return new AttemptOutcome.Failed(new Failure(given.problem(), true), 0, now);
    }
    if (given.items() != null) { // a node that is one for each item is done when it adds them
      JobHandler.Result added = new JobHandler.Result(ForEach.result(given.items().size()), null);
      return new AttemptOutcome.Succeeded(added, now, given.items());
    }
    return null;
  }

  /** A job that cannot be opened waits for its key, and uses up no attempt. */
  private static AttemptOutcome closed(String what, String sealed, Instant now) {
    return new AttemptOutcome.Postponed(
        new Postponement(
            now.plus(KEY_WAIT),
            what + " is encrypted with the key " + SealedText.keyId(sealed) + ", unusable here",
            null),
        0,
        now);
  }
}
