package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.WorkflowSignals;
import io.quikqueue.domain.port.WorkflowSignals.Sent;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.signal.SendSignal;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Sends signals to workflows, whose nodes may wait for them. */
public final class SignalWorkflow {

  private final WorkflowSignals signals;
  private final JobIds keys;
  private final InstantSource clock;
  private final JobListener listener;

  /**
   * @param keys tell signals apart that were sent without a key
   * @param clock the store's clock
   * @param listener hears of the jobs that became ready
   */
  public SignalWorkflow(
      WorkflowSignals signals, JobIds keys, InstantSource clock, JobListener listener) {
    this.signals = signals;
    this.keys = keys;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Sends a signal.
   *
   * @param payload JSON text, which becomes the result of the node that gets it
   * @param key one that was sent under the same key and name before is not sent again, and refused
   *     when it was another one; null = it is another one each time
   * @throws io.quikqueue.domain.job.InvalidFieldException when the name or the payload cannot be a
   *     signal's
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Sent send(
      Caller caller,
      WorkflowId workflow,
      String name,
      String payload,
      @Nullable IdempotencyKey key) {
    IdempotencyKey own = caller.own(key);
    Signal signal = SendSignal.signal(workflow.value(), name, payload, own, keys, clock.instant());
    Sent sent = signals.send(workflow, signal);
    if (sent instanceof Sent.Accepted accepted && !accepted.ready().isEmpty()) {
      listener.ready(accepted.ready());
    }
    return sent;
  }
}
