package io.quikqueue.api;

import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.desired.DesiredInForce;
import io.quikqueue.domain.usecase.dispatch.Unpark;
import io.quikqueue.domain.usecase.finish.FailureLog;
import io.quikqueue.domain.usecase.lease.Leases;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.run.NodeSpawner;
import io.quikqueue.domain.usecase.run.WorkerSettings;
import io.quikqueue.redis.RedisConfig;
import io.quikqueue.redis.RedisReadyQueue;
import io.quikqueue.runtime.Closing;
import io.quikqueue.runtime.Loop;
import io.quikqueue.runtime.ProcessId;
import io.quikqueue.runtime.UsedServers;
import io.quikqueue.sql.SqlStores;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Leases over HTTP, and the ready queue that nothing else here needs. */
record LeaseService(Leases leases, Unpark unpark, RedisReadyQueue ready, RedisConfig redis) {

  static LeaseService of(
      RedisConfig redis,
      FieldCipher cipher,
      SqlStores stores,
      JobStore jobs,
      PausesInForce pauses,
      LimitsInForce limits,
      Meter meter,
      Redaction redaction,
      Consumer<JobSpec> resolved,
      NodeSpawner spawner,
      int maxLeases) {
    RedisReadyQueue ready = new RedisReadyQueue(redis, cipher);
    Leases leases =
        new Leases(
            new Leases.Ports(
                ready,
                jobs,
                stores.journal(),
                stores.workers(),
                new DesiredInForce(stores.desired(), System::nanoTime),
                pauses,
                limits,
                stores.clock(),
                meter,
                redaction,
                resolved,
                spawner),
            ProcessId.next(),
            new Leases.Bounds(WorkerSettings.DEFAULT_MAX_RESULT, maxLeases),
            System::nanoTime,
            () -> ThreadLocalRandom.current().nextDouble(),
            _ -> {});
    Unpark unpark = new Unpark(ready.windows(), stores.parked(), ready);
    return new LeaseService(leases, unpark, ready, redis);
  }

  /** Adds itself to the process; to be stopped before what it works with. */
  void join(Environment environment, UsedServers servers, FailureLog failures) {
    environment.lifecycle().manage(Closing.of(ready));
    environment.lifecycle().manage(Closing.of(leases));
    environment.lifecycle().manage(Loop.draining("unpark", Unpark.EVERY, unpark::unpark));
    environment
        .lifecycle()
        .manage(
            new Loop(
                "leases",
                () -> {
                  failures.tellLeftOut();
                  return leases.supervise();
                }));
    servers.add("ready-queue", "Redis", redis.server(), ready::ping);
  }
}
