package io.quikqueue.worker;

import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.announce.Announce;
import io.quikqueue.domain.usecase.announce.Announcer;
import io.quikqueue.domain.usecase.desired.DesiredInForce;
import io.quikqueue.domain.usecase.dispatch.Unpark;
import io.quikqueue.domain.usecase.finish.FailureLog;
import io.quikqueue.domain.usecase.finish.WorkflowLog;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.rescue.ReclaimExpiredLeases;
import io.quikqueue.domain.usecase.rescue.RecordCrash;
import io.quikqueue.domain.usecase.run.CrashQuarantine;
import io.quikqueue.domain.usecase.stats.CountingMeter;
import io.quikqueue.kafka.KafkaJobStream;
import io.quikqueue.metrics.PrometheusMeter;
import io.quikqueue.redis.RedisReadyQueue;
import io.quikqueue.runtime.Admin;
import io.quikqueue.runtime.Closing;
import io.quikqueue.runtime.Loop;
import io.quikqueue.runtime.ProcessId;
import io.quikqueue.runtime.ServiceApplication;
import io.quikqueue.runtime.Settings;
import io.quikqueue.runtime.StatsLoop;
import io.quikqueue.runtime.UsedServers;
import io.quikqueue.runtime.WorkerService;
import io.quikqueue.sql.SqlStores;
import java.time.Duration;
import java.util.Map;

/** Runs jobs, and takes over those of workers that vanished. */
public final class WorkerApplication extends ServiceApplication<WorkerConfiguration> {

  private static final Duration RESCUE_EVERY = Duration.ofSeconds(1);
  private static final int RECORDING_LANES = 2;

  public static void main(String[] args) {
    new WorkerApplication().launch(args);
  }

  @Override
  public String getName() {
    return "quikqueue-worker";
  }

  @Override
  protected String usage() {
    return """
    usage: quikqueue worker CONFIG.yml

    A worker: runs jobs. The configuration file that comes along is config/worker.yml.

    """;
  }

  @Override
  public void initialize(Bootstrap<WorkerConfiguration> bootstrap) {
    Settings.substitute(bootstrap, Map.of());
  }

  @Override
  public void run(WorkerConfiguration config, Environment environment) {
    PrometheusMeter metrics = new PrometheusMeter();
    CountingMeter meter = new CountingMeter(metrics);
    FieldCipher cipher = config.encryption().cipher();
    config.encryption().join(environment);
    Redaction redaction = Redaction.of(config.secrets(), false);
    CallbackJobs callbacks = new CallbackJobs(job -> redaction.masked(job).job());
    SqlStores stores =
        SqlStores.open(
            config.database().encrypted(cipher),
            environment.metrics(),
            callbacks,
            new WorkflowLog(meter));
    KafkaJobStream stream = new KafkaJobStream(config.kafka(), cipher);
    RedisReadyQueue ready = new RedisReadyQueue(config.redis(), cipher);
    Announcer announcer = new Announcer(new Announce(stream, stores.outbox(), meter));
    FailureLog failures = new FailureLog(meter);
    JobStore jobs =
        new ListenedJobStore(
            stores.jobs(), JobListener.all(JobListener.announcing(announcer), failures));
    ReclaimExpiredLeases reclaim =
        new ReclaimExpiredLeases(
            ready,
            jobs,
            new RecordCrash(jobs, stores.clock(), meter),
            ProcessId.next(),
            config.worker().lease());
    WorkerService worker =
        new WorkerService(
            config.worker(),
            new WorkerService.Ports(
                ready,
                jobs,
                stores.journal(),
                stores.workers(),
                stores.queues(),
                stores.policies(),
                new DesiredInForce(stores.desired(), System::nanoTime),
                new PausesInForce(stores.pauses(), System::nanoTime),
                new LimitsInForce(stores.limits(), System::nanoTime),
                ready,
                stores.clock(),
                meter,
                redaction),
            failures,
            RECORDING_LANES,
            CrashQuarantine::startsMarked);

    // Stopped in reverse: the worker drains while the servers are still at hand.
    environment.lifecycle().manage(Closing.of(stores));
    StatsLoop.join(environment, meter, stores.stats(), stores.clock());
    environment.lifecycle().manage(Closing.of(stream));
    stream.start();
    environment.lifecycle().manage(Closing.of(ready));
    environment.lifecycle().manage(Closing.of(announcer));
    Unpark unpark = new Unpark(ready.windows(), stores.parked(), ready);
    environment.lifecycle().manage(Loop.draining("unpark", Unpark.EVERY, unpark::unpark));
    environment.lifecycle().manage(Loop.draining("rescue", RESCUE_EVERY, reclaim::reclaim));
    worker.join(environment);
    metrics.gauge("quikqueue_slots_busy", "Jobs that run now.", () -> (long) worker.busy());
    metrics.gauge(
        "quikqueue_slots_stuck",
        "Slots kept by handlers that do not stop.",
        () -> (long) worker.stuck());
    metrics.gauge(
        "quikqueue_handlers_abandoned",
        "Handlers that did not stop and still run, with or without their slots.",
        () -> (long) worker.abandoned());
    new UsedServers(environment, "worker")
        .add("store", "database", config.database().servers(), stores::ping)
        .add("stream", "Kafka", config.kafka().getBootstrapServers(), stream::lag)
        .add("ready-queue", "Redis", config.redis().server(), ready::ping);
    Admin.serve(config, environment, metrics, "store", "ready-queue");
  }
}
