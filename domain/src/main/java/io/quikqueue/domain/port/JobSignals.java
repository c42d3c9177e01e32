package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What jobs are told while they run or sleep. A signal is kept until the job waits for it, and
 * deleted with the job, when another submit takes its place, and when it is retried with changes.
 * It throws {@link UnavailableException}.
 */
public interface JobSignals {

  /** Signals of a job, those included that it has taken. */
  int MOST = 1_000;

  /** Bytes of UTF-8 that the payload of a signal has. */
  int LARGEST = 64 << 10;

  /** Bytes of UTF-8 that the payloads of a job's signals have together, also when it took them. */
  int MOST_BYTES = 1 << 20;

  /**
   * A signal.
   *
   * @param key tells it from others of the same name: sent again it is the same
   * @param fingerprint of the request that sent it, see {@link IdempotencyKey#fingerprint}; null =
   *     the key alone decides
   * @param payload JSON text
   */
  record Signal(
      JobId job,
      String name,
      String key,
      @Nullable String fingerprint,
      String payload,
      Instant at) {

    /** Whether it is the one that came first under its key, with this fingerprint. */
    public boolean isSameAs(@Nullable String firstFingerprint) {
      return fingerprint == null
          || firstFingerprint == null
          || IdempotencyKey.isSameRequest(fingerprint, firstFingerprint);
    }
  }

  /** What became of a signal. */
  sealed interface Sent {

    /**
     * It is kept.
     *
     * @param state of the job after it
     * @param ready the job, when it slept for this signal and is QUEUED now; to be announced
     */
    record Accepted(JobState state, List<Job> ready) implements Sent {}

    /** It had been sent before. */
    record Repeated(JobState state) implements Sent {}

    /** Another one was sent under its key before; this one is not kept. */
    record KeyReused() implements Sent {}

    record UnknownJob() implements Sent {}

    /** The job has ended. */
    record Over(JobState state) implements Sent {}

    /** The job has too many signals, or too large ones. */
    record Full(String problem) implements Sent {}
  }

  /**
   * Keeps a signal and wakes the job if it sleeps for it, in one transaction. Whether the job goes
   * to sleep before or after: the transaction that records that meets the signal, or this one meets
   * the sleeping job.
   *
   * @param refresh brings the policy of a job that is woken up to date
   */
  Sent send(Signal signal, UnaryOperator<Transition> refresh);
}
