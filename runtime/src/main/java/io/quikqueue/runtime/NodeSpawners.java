package io.quikqueue.runtime;

import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.usecase.policy.PoliciesInForce;
import io.quikqueue.domain.usecase.run.NodeSpawner;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.usecase.submit.PayloadChecks;
import io.quikqueue.http.CallbackJobHandler;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;

/** Makes what lets nodes in that handlers add to workflows. */
final class NodeSpawners {

  /** Handlers are the operator's own: their nodes may run as long as any job. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);

  private NodeSpawners() {}

  /**
   * Of a worker.
   *
   * @param types that it has handlers for; others it learns of from the store
   */
  static NodeSpawner of(WorkerService.Ports ports, Set<String> types, PayloadChecks checks) {
    PoliciesInForce policies = new PoliciesInForce(ports.policies(), System::nanoTime);
    return new NodeSpawner(
        new JobIds(ports.clock(), new SecureRandom()),
        new Admission(
            ports.workers(),
            ports.queues(),
            checks,
            types,
            LONGEST_TIMEOUT,
            CallbackJobHandler::checkUrl,
            System::nanoTime),
        policies::table,
        ports.limits()::table);
  }
}
