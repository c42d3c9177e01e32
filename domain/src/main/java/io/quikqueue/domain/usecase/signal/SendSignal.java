package io.quikqueue.domain.usecase.signal;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobSignals.Sent;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Sends signals to jobs, and wakes those that sleep for them. */
public final class SendSignal {

  private final JobSignals signals;
  private final JobIds keys;
  private final InstantSource clock;
  private final JobListener listener;
  private final UnaryOperator<Transition> refresh;

  /**
   * @param keys tell signals apart that were sent without a key
   * @param clock the store's clock
   * @param listener hears of the jobs that became ready
   * @param refresh brings the policy of a job that is woken up to date
   */
  public SendSignal(
      JobSignals signals,
      JobIds keys,
      InstantSource clock,
      JobListener listener,
      UnaryOperator<Transition> refresh) {
    this.signals = signals;
    this.keys = keys;
    this.clock = clock;
    this.listener = listener;
    this.refresh = refresh;
  }

  /**
   * Sends a signal.
   *
   * @param payload JSON text
   * @param key one that was sent under the same key and name before is not sent again, and refused
   *     when it was another one; null = it is another one each time
   * @throws InvalidFieldException when the name or the payload cannot be a signal's
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Sent send(
      Caller caller, JobId job, String name, String payload, @Nullable IdempotencyKey key) {
    Signal signal = signal(job, name, payload, caller.own(key), keys, clock.instant());
    Sent sent = signals.send(signal, refresh);
    if (sent instanceof Sent.Accepted accepted && !accepted.ready().isEmpty()) {
      listener.ready(accepted.ready());
    }
    return sent;
  }

  /**
   * A signal that was checked.
   *
   * @param to the job, or the workflow, that it is for
   * @throws InvalidFieldException when the name or the payload cannot be a signal's
   */
  public static Signal signal(
      JobId to,
      String name,
      String payload,
      @Nullable IdempotencyKey key,
      JobIds keys,
      Instant now) {
    JobStep.requireName("name", name);
    if (payload.getBytes(StandardCharsets.UTF_8).length > JobSignals.LARGEST) {
      throw new InvalidFieldException(
          "payload", "must be at most " + JobSignals.LARGEST + " bytes");
    }
    String given = key == null ? "-" + keys.next() : "=" + key.key();
    String fingerprint = key == null ? null : key.fingerprint();
    return new Signal(to, name, given, fingerprint, payload, now.truncatedTo(ChronoUnit.MICROS));
  }
}
