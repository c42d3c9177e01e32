package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.ReadyPlaces;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.stats.QueuePace;
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
  private final QueuePace pace;

  /**
   * @param outbox null = jobs go from the store to the ready queue without a stream
   * @param ready null = out of reach by configuration, so nothing is said of it
   * @param pace for how long it may take until a job is next
   */
  public DispatchChecks(
      @Nullable Outbox outbox, @Nullable ReadyPlaces ready, BoundedAsking asking, QueuePace pace) {
    this.outbox = outbox;
    this.ready = ready;
    this.asking = asking;
    this.pace = pace;
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

  private WaitCheck position(Job job, long before) {
    if (before == 0) {
      return WaitCheck.passed(WaitCheck.Code.POSITION);
    }
    String of = job.spec().group() == null ? "queue" : "group";
    return WaitCheck.failed(
        WaitCheck.Code.POSITION,
        Long.toString(before),
        (before == 1
                ? "1 ready job of its %s comes before it".formatted(of)
                : "%d ready jobs of its %s come before it".formatted(before, of))
            + estimate(job, before));
  }

  /** Of groups, which have their turns and limits, the pace is not known. */
  private String estimate(Job job, long before) {
    Double perSecond = job.spec().group() == null ? pace.of(job.spec().queue()) : null;
    return perSecond == null
        ? ""
        : ", about %s at the pace of the last five minutes".formatted(about(before / perSecond));
  }

  private static String about(double seconds) {
    if (seconds < 1.5) {
      return "a second";
    }
    if (seconds < 90) {
      return Math.round(seconds) + " seconds";
    }
    if (seconds < 90 * 60) {
      return Math.round(seconds / 60) + " minutes";
    }
    return Math.round(seconds / 3600) + " hours";
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
