package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.ReadyPlaces;
import io.quikqueue.domain.port.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a job that is QUEUED has come to where workers take it from, and how many come
 * before it there. The outbox is asked only when the ready queue does not know the job.
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
  private final @Nullable ReadyPlaces ready;
  private final BoundedAsking asking;

  /**
   * @param outbox null = jobs go from the store to the ready queue without a stream
   * @param ready null = out of reach by configuration, so nothing is said of it
   */
  public DispatchChecks(
      @Nullable Outbox outbox, @Nullable ReadyPlaces ready, BoundedAsking asking) {
    this.outbox = outbox;
    this.ready = ready;
    this.asking = asking;
  }

  /** What can be said of this job, in order. */
  List<WaitCheck> of(Job job) {
    if (job.state() != JobState.QUEUED) {
      return List.of();
    }
    List<WaitCheck> inReadyQueue = inReadyQueue(job);
    if (outbox == null) {
      return inReadyQueue;
    }
    boolean isDispatched = !inReadyQueue.isEmpty() && inReadyQueue.getFirst().passed();
    WaitCheck announced =
        isDispatched ? WaitCheck.passed(WaitCheck.Code.ANNOUNCED) : announced(job, outbox);
    List<WaitCheck> all = new ArrayList<>(3);
    if (announced != null) {
      all.add(announced);
    }
    all.addAll(inReadyQueue);
    return all;
  }

  private List<WaitCheck> inReadyQueue(Job job) {
    ReadyPlaces places = ready;
    if (places == null) {
      return List.of();
    }
    try {
      OptionalLong before = asking.ask(() -> places.before(job.attemptId()));
      if (before == null) {
        return List.of(); // what else is known of the job is worth an answer
      }
      return before.isPresent()
          ? List.of(WaitCheck.passed(WaitCheck.Code.DISPATCHED), position(job, before.getAsLong()))
          : List.of(
              WaitCheck.failed(
                  WaitCheck.Code.DISPATCHED, null, outbox == null ? STORED_ONLY : ANNOUNCED_ONLY));
    } catch (UnavailableException e) {
      return List.of(WaitCheck.failed(WaitCheck.Code.DISPATCHED, null, AWAY));
    }
  }

  private static WaitCheck position(Job job, long before) {
    if (before == 0) {
      return WaitCheck.passed(WaitCheck.Code.POSITION);
    }
    String of = job.spec().group() == null ? "queue" : "group";
    return WaitCheck.failed(
        WaitCheck.Code.POSITION,
        Long.toString(before),
        before == 1
            ? "1 ready job of its %s comes before it".formatted(of)
            : "%d ready jobs of its %s come before it".formatted(before, of));
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
