package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.UnavailableException;
import java.util.List;
import java.util.function.Function;

/** Reads a job, applies a verb, saves it, and starts anew when the job moved on meanwhile. */
public final class ChangeOnRequest {

  private static final int TRIES = 10;

  private final JobStore store;
  private final Verb verb;
  private final Function<Job, Transition> transition;

  public ChangeOnRequest(JobStore store, Verb verb, Function<Job, Transition> transition) {
    this.store = store;
    this.verb = verb;
    this.transition = transition;
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
      Transition made = transition.apply(before);
      SaveResult saved = store.save(List.of(made));
      if (saved.applied().contains(made.attempt())) {
        return new TransitionResult.Changed(
            saved.behind().isEmpty() ? made.after() : saved.behind().getFirst());
      }
      JobId holder = saved.slotTaken().get(made.attempt());
      if (holder != null) {
        return new TransitionResult.SlotTaken(before, holder);
      }
    }
    throw new UnavailableException("store", "job " + id + " changed " + TRIES + " times meanwhile");
  }
}
