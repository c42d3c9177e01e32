package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.UnavailableException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reads a job, applies a verb, saves it, and starts anew when the job moved on meanwhile. */
public final class ChangeOnRequest {

  private static final int TRIES = 10;

  private final JobStore store;
  private final Verb verb;
  private final UnaryOperator<Job> change;

  public ChangeOnRequest(JobStore store, Verb verb, UnaryOperator<Job> change) {
    this.store = store;
    this.verb = verb;
    this.change = change;
  }

  /**
   * Applies the verb to the job as it is now.
   *
   * @throws UnavailableException when the store cannot be reached, or the job moved on again and
   *     again
   */
  public TransitionResult apply(JobId id) {
    for (int i = 0; i < TRIES; i++) {
      Job before = store.find(List.of(id)).get(id);
      if (before == null) {
        return new TransitionResult.Unknown();
      }
      if (!before.can(verb)) {
        return new TransitionResult.NotAllowed(before);
      }
      Job after = change.apply(before);
      if (store.save(List.of(new Change(before, after, null))).contains(before.attemptId())) {
        return new TransitionResult.Changed(after);
      }
    }
    throw new UnavailableException("store", "job " + id + " changed " + TRIES + " times meanwhile");
  }
}
