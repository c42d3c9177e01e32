package io.quikqueue.scheduler;

import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.migrations.MigrationsBundle;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.announce.Announce;
import io.quikqueue.domain.usecase.announce.Announcer;
import io.quikqueue.domain.usecase.audit.PruneAudit;
import io.quikqueue.domain.usecase.dead.CleanDead;
import io.quikqueue.domain.usecase.dead.PublishDead;
import io.quikqueue.domain.usecase.finish.FailureLog;
import io.quikqueue.domain.usecase.finish.WorkflowLog;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.move.MoveJobs;
import io.quikqueue.domain.usecase.operate.RunOperations;
import io.quikqueue.domain.usecase.policy.PoliciesInForce;
import io.quikqueue.domain.usecase.prune.Prune;
import io.quikqueue.domain.usecase.relay.Relay;
import io.quikqueue.domain.usecase.rescue.RebuildReadyQueue;
import io.quikqueue.domain.usecase.rescue.ReclaimExpiredLeases;
import io.quikqueue.domain.usecase.rescue.RecordCrash;
import io.quikqueue.domain.usecase.rescue.ReleaseForgotten;
import io.quikqueue.domain.usecase.schedule.FireSchedules;
import io.quikqueue.domain.usecase.schedule.PlanWriter;
import io.quikqueue.domain.usecase.stats.CountingMeter;
import io.quikqueue.domain.usecase.stats.PruneStats;
import io.quikqueue.domain.usecase.wake.Wake;
import io.quikqueue.kafka.KafkaJobStream;
import io.quikqueue.metrics.PrometheusMeter;
import io.quikqueue.redis.RedisReadyQueue;
import io.quikqueue.runtime.Admin;
import io.quikqueue.runtime.AuditLoop;
import io.quikqueue.runtime.Closing;
import io.quikqueue.runtime.Leader;
import io.quikqueue.runtime.Loop;
import io.quikqueue.runtime.ProcessId;
import io.quikqueue.runtime.SchedulingConfig;
import io.quikqueue.runtime.ServiceApplication;
import io.quikqueue.runtime.Settings;
import io.quikqueue.runtime.StatsLoop;
import io.quikqueue.runtime.UsedServers;
import io.quikqueue.sql.SqlStores;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Wakes, relays and rescues jobs, and prunes those that ended long ago; of several schedulers one
 * leads.
 */
public final class SchedulerApplication extends ServiceApplication<SchedulerConfiguration> {

  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  public static void main(String[] args) {
    new SchedulerApplication().launch(args);
  }

  @Override
  public String getName() {
    return "quikqueue-scheduler";
  }

  @Override
  protected String usage() {
    return """
    usage: quikqueue scheduler CONFIG.yml
           quikqueue db COMMAND [OPTIONS] CONFIG.yml

    The scheduler: wakes, relays and rescues jobs, and prunes those that ended long ago. The
    configuration file that comes along is config/scheduler.yml.
    Commands for the database schema:
      status         which change sets are missing
      migrate        run those that are missing
      rollback -c N  take the last N back, with what is in their tables: needs --yes, or
                     --dry-run to see what it would do
      locks -r       release the lock of a migrate that was killed

    """;
  }

  @Override
  protected List<String> words(List<String> arguments) {
    if (!arguments.getFirst().equals("db")) {
      return super.words(arguments);
    }
    List<String> words = DatabaseCommand.checked(arguments);
    requireReadable(words.getLast());
    DatabaseOutput.install();
    return words;
  }

  @Override
  public void initialize(Bootstrap<SchedulerConfiguration> bootstrap) {
    Settings.substitute(bootstrap, Map.of());
    bootstrap.addBundle(
        new MigrationsBundle<>() {
          @Override
          public DataSourceFactory getDataSourceFactory(SchedulerConfiguration config) {
            reaches(config.database().servers());
            return config.database().dataSourceFactory();
          }
        });
  }

  @Override
  public void run(SchedulerConfiguration config, Environment environment) {
    PrometheusMeter metrics = new PrometheusMeter();
    CountingMeter meter = new CountingMeter(metrics);
    FieldCipher cipher = config.encryption().cipher();
    config.encryption().join(environment);
    SqlStores stores =
        SqlStores.open(
            config.database().encrypted(cipher),
            environment.metrics(),
            new CallbackJobs(),
            new WorkflowLog(meter));
    KafkaJobStream stream = new KafkaJobStream(config.kafka(), cipher);
    RedisReadyQueue ready = new RedisReadyQueue(config.redis(), cipher);
    Announce announce = new Announce(stream, stores.outbox(), meter);
    Announcer announcer = new Announcer(announce);
    JobListener listener =
        JobListener.all(JobListener.announcing(announcer), new FailureLog(meter));
    JobStore jobs = new ListenedJobStore(stores.jobs(), listener);
    Leader leader =
        new Leader(stores.leadership(), "scheduler", ProcessId.next(), LEASE, System::nanoTime);
    SchedulingConfig scheduling = config.scheduling();

    PoliciesInForce policies = new PoliciesInForce(stores.policies(), System::nanoTime);
    Wake wake = new Wake(stores.timers(), jobs, stores.clock(), meter, policies::refreshed);
    Relay relay =
        new Relay(stores.outbox(), announce, stores.clock(), scheduling.relayGrace(), meter);
    ReclaimExpiredLeases reclaim =
        new ReclaimExpiredLeases(
            ready, jobs, new RecordCrash(jobs, stores.clock(), meter), ProcessId.next(), LEASE);
    RebuildReadyQueue rebuild =
        new RebuildReadyQueue(
                stores.active(),
                ready,
                ready,
                stream,
                stores.clock(),
                config.dispatch().highWater(),
                LEASE,
                LEASE)
            .with(stores.parked(), ready.windows());
    ReleaseForgotten release =
        new ReleaseForgotten(stores.dependencies(), stores.workflows(), listener);
    LimitsInForce limits = new LimitsInForce(stores.limits(), System::nanoTime);
    Prune prune =
        new Prune(
            stores.jobs(),
            stores.workflows(),
            stores.queues(),
            limits::table,
            stores.clock(),
            scheduling.retention());
    PruneStats pruneStats = new PruneStats(stores.stats(), stores.clock());
    PruneAudit pruneAudit = AuditLoop.prune(stores.audit(), stores.clock(), scheduling);
    PublishDead publishDead = new PublishDead(stores.deadOutbox(), stream);
    RunOperations operations =
        new RunOperations(
            stores.operations(),
            jobs,
            stores.dead(),
            stores.clock(),
            System::nanoTime,
            policies::refreshed,
            new MoveJobs(jobs, ready, stores.clock(), policies::refreshed, ProcessId.next()));
    CleanDead cleanDead = new CleanDead(stores.dead(), stores.clock());

    FireSchedules schedules =
        new FireSchedules(
            new PlanWriter(
                stores.schedules(),
                jobs,
                listener,
                stores.clock(),
                new JobIds(stores.clock(), new SecureRandom()),
                policies::table,
                limits::table,
                meter));

    environment.lifecycle().manage(Closing.of(stores));
    StatsLoop.join(environment, meter, stores.stats(), stores.clock());
    environment.lifecycle().manage(Closing.of(stream));
    stream.start();
    environment.lifecycle().manage(Closing.of(ready));
    environment.lifecycle().manage(Closing.of(announcer));
    environment.lifecycle().manage(leader);
    Duration every = scheduling.wakeEvery();
    lead(environment, leader, "wake", () -> wake.wake(every));
    lead(environment, leader, "schedules", () -> schedules.fire(every));
    lead(environment, leader, "relay", () -> relay.relay() ? Duration.ZERO : SECOND);
    lead(environment, leader, "rescue", () -> reclaim.reclaim() ? Duration.ZERO : SECOND);
    lead(environment, leader, "prune", () -> prune.prune() ? Duration.ZERO : MINUTE);
    lead(environment, leader, "prune-stats", () -> pruneStats.prune() ? Duration.ZERO : MINUTE);
    lead(environment, leader, "prune-audit", () -> pruneAudit.prune() ? Duration.ZERO : MINUTE);
    lead(environment, leader, "publish-dead", () -> publishDead.publish() ? Duration.ZERO : SECOND);
    lead(environment, leader, "operations", operations::run);
    lead(environment, leader, "clean-dead", () -> cleanDead.clean() ? Duration.ZERO : MINUTE);
    lead(
        environment,
        leader,
        "rebuild",
        () -> {
          rebuild.rebuildIfBlank();
          return SECOND;
        });
    lead(
        environment,
        leader,
        "sweep",
        () -> {
          rebuild.sweep(scheduling.sweepAge());
          return scheduling.sweepEvery();
        });
    lead(
        environment,
        leader,
        "release",
        () -> {
          release.release();
          return SECOND;
        });

    metrics.gauge("quikqueue_ready_jobs", "Jobs ready to run, by queue.", "queue", ready::depth);
    metrics.gauge(
        "quikqueue_outbox_rows", "Jobs not yet announced.", () -> (long) stores.outbox().size());
    metrics.gauge(
        "quikqueue_workflows_open",
        "Workflows that have not ended, by state.",
        "state",
        () -> WorkflowLog.figures(stores.workflows().open()));
    metrics.gauge("quikqueue_stream_lag_jobs", "Jobs not yet dispatched.", stream::lag);
    new UsedServers(environment, "scheduler")
        .add("store", "database", config.database().servers(), stores::ping)
        .add("stream", "Kafka", config.kafka().getBootstrapServers(), stream::lag)
        .add("ready-queue", "Redis", config.redis().server(), ready::ping);
    Admin.serve(config, environment, metrics, "store", "stream", "ready-queue");
  }

  /** Adds a loop whose step is done only by the scheduler that leads. */
  private static void lead(Environment environment, Leader leader, String name, Loop.Step step) {
    environment.lifecycle().manage(new Loop(name, () -> leader.leads() ? step.run() : SECOND));
  }
}
