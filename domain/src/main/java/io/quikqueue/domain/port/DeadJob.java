package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What others are told of a job that FAILED; never its payload.
 *
 * @param attempt the last one
 * @param errorClass the class of what it threw; null when nothing was thrown
 * @param error why it failed, at most 2,000 characters; null when nobody said
 */
public record DeadJob(
    AttemptId attempt,
    String type,
    String queue,
    @Nullable String errorClass,
    @Nullable String error,
    Instant failedAt) {

  private static final int MAX_ERROR = 2_000;

  public DeadJob {
    error = error == null ? null : cut(error);
  }

  /** The job that a transition made FAILED; null when it did not. */
  public static @Nullable DeadJob of(Transition transition) {
    if (!transition.madeFailed()) {
      return null;
    }
    Job after = transition.after();
    AttemptRecord ended = transition.ended();
    return new DeadJob(
        after.attemptId(),
        after.spec().type(),
        after.spec().queue(),
        ended == null ? null : ended.errorClass(),
        after.error(),
        after.updatedAt());
  }

  private static String cut(String text) {
    if (text.length() <= MAX_ERROR) {
      return text;
    }
    int end = MAX_ERROR - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
