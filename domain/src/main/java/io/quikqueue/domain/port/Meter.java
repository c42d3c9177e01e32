package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what happens. Never throws, never blocks. */
public interface Meter {

  /** Jobs accepted into a queue. */
  void submitted(String queue, int jobs);

  /** Jobs announced on the stream. */
  void announced(int jobs);

  /** Jobs the relay found left behind and announced. */
  void relayed(int jobs);

  /** Jobs handed to the ready queue. */
  void dispatched(int jobs);

  /**
   * An attempt ended.
   *
   * @param outcome {@code done}, {@code failed}, {@code postponed}, {@code cancelled}, {@code
   *     expired}, {@code released} or {@code lost}
   * @param waited from when the job was due until the attempt started
   * @param ran from then until it ended
   */
  void ran(String queue, String type, String outcome, Duration waited, Duration ran);

  /** A job was given up: it failed for good. */
  void failed(String queue, String type);

  /** Finished attempts that the store refused because the job had moved on. */
  void stale(int attempts);

  /** Jobs whose worker vanished. */
  void rescued(int jobs);

  /** Delayed and retrying jobs that became due. */
  void woken(int jobs);

  /** A workflow was stored. */
  default void workflowSubmitted() {}

  /**
   * A workflow ended.
   *
   * @param nodes how many of its nodes ended in which state
   * @param took since it was submitted; null = it was retried
   */
  default void workflowEnded(
      WorkflowState state, Map<JobState, Integer> nodes, @Nullable Duration took) {}

  /**
   * A schedule fired.
   *
   * @param outcome {@code started}, {@code buffered}, {@code skipped} or {@code refused}
   */
  default void scheduleFired(String outcome) {}

  /** How long after its time, jitter counted in, a fire was written. */
  default void scheduleLate(Duration late) {}

  /** Fire times that passed and were not made up for. */
  default void scheduleMissed(long fires) {}

  /**
   * A schedule that is due cannot fire here; told at each look, once a minute.
   *
   * @param reason {@code unreadable} or {@code key}
   */
  default void scheduleUnusable(String reason) {}

  /**
   * A request was refused to its caller.
   *
   * @param reason one of a few words
   */
  default void accessRefused(String reason) {}

  /**
   * Somebody was not signed in, or kept signed in.
   *
   * @param reason one of a few words
   */
  default void loginFailed(String reason) {}

  /** A meter that counts nothing. */
  Meter NONE =
      new Meter() {
        @Override
        public void submitted(String queue, int jobs) {}

        @Override
        public void announced(int jobs) {}

        @Override
        public void relayed(int jobs) {}

        @Override
        public void dispatched(int jobs) {}

        @Override
        public void ran(String queue, String type, String outcome, Duration waited, Duration ran) {}

        @Override
        public void failed(String queue, String type) {}

        @Override
        public void stale(int attempts) {}

        @Override
        public void rescued(int jobs) {}

        @Override
        public void woken(int jobs) {}
      };
}
