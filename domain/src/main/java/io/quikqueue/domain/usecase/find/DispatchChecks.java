package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.UnavailableException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a job that is QUEUED has come to where workers take it from. The outbox is asked
 * only when the ready queue does not know the job.
 */
public final class DispatchChecks {

  private static final String ANNOUNCED_ONLY =
      "it is announced and not in the ready queue yet: the jobs before it come first, and a"
          + " consumer has to run";
  private static final String STORED_ONLY =
      "it is not in the ready queue yet: the jobs before it come first, or nobody asks for its"
          + " type";
  private static final String AWAY =
      "the ready queue is out of reach, and nothing starts until it is back";

  private final @Nullable Outbox outbox;
  private final @Nullable ReadyQueueRebuild ready;
  private final BoundedAsking asking;

  /**
   * @param outbox null = jobs go from the store to the ready queue without a stream
   * @param ready null = out of reach by configuration, so nothing is said of it
   */
  public DispatchChecks(
      @Nullable Outbox outbox, @Nullable ReadyQueueRebuild ready, BoundedAsking asking) {
    this.outbox = outbox;
    this.ready = ready;
    this.asking = asking;
  }

  /** What can be said of this job, in order. */
  List<WaitCheck> of(Job job) {
    if (job.state() != JobState.QUEUED) {
      return List.of();
    }
    WaitCheck dispatched = dispatched(job.attemptId());
    if (outbox == null) {
      return dispatched == null ? List.of() : List.of(dispatched);
    }
    WaitCheck announced =
        dispatched != null && dispatched.passed()
            ? WaitCheck.passed(WaitCheck.Code.ANNOUNCED)
            : announced(job, outbox);
    if (announced == null || dispatched == null) {
      return announced == null ? List.of() : List.of(announced);
    }
    return List.of(announced, dispatched);
  }

  private @Nullable WaitCheck dispatched(AttemptId attempt) {
    if (ready == null) {
      return null;
    }
    try {
      Set<AttemptId> unknown = asking.ask(() -> ready.unknown(Set.of(attempt)));
      if (unknown == null) {
        return null; // what else is known of the job is worth an answer
      }
      return unknown.isEmpty()
          ? WaitCheck.passed(WaitCheck.Code.DISPATCHED)
          : WaitCheck.failed(
              WaitCheck.Code.DISPATCHED, null, outbox == null ? STORED_ONLY : ANNOUNCED_ONLY);
    } catch (UnavailableException e) {
      return WaitCheck.failed(WaitCheck.Code.DISPATCHED, null, AWAY);
    }
  }

  private static @Nullable WaitCheck announced(Job job, Outbox outbox) {
    try {
      return outbox.holds(job.attemptId())
          ? WaitCheck.failed(
              WaitCheck.Code.ANNOUNCED,
              job.updatedAt().toString(),
              "it is stored since %s and not announced yet: the stream is out of reach or behind"
                  .formatted(job.updatedAt()))
          : WaitCheck.passed(WaitCheck.Code.ANNOUNCED);
    } catch (UnavailableException e) {
      return null; // as above
    }
  }
}
