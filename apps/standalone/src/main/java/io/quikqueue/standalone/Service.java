package io.quikqueue.standalone;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.WorkflowListener;
import io.quikqueue.domain.usecase.access.ScopeGate;
import io.quikqueue.domain.usecase.audit.AuditCases;
import io.quikqueue.domain.usecase.audit.PruneAudit;
import io.quikqueue.domain.usecase.cancel.Cancel;
import io.quikqueue.domain.usecase.dead.CleanDead;
import io.quikqueue.domain.usecase.dead.ListDead;
import io.quikqueue.domain.usecase.dead.MarkDead;
import io.quikqueue.domain.usecase.desired.DesiredInForce;
import io.quikqueue.domain.usecase.dispatch.DirectDispatch;
import io.quikqueue.domain.usecase.find.Await;
import io.quikqueue.domain.usecase.find.BoundedAsking;
import io.quikqueue.domain.usecase.find.DestinationChecks;
import io.quikqueue.domain.usecase.find.DispatchChecks;
import io.quikqueue.domain.usecase.find.Find;
import io.quikqueue.domain.usecase.find.LimitChecks;
import io.quikqueue.domain.usecase.find.ReadLogs;
import io.quikqueue.domain.usecase.find.RunningAttempts;
import io.quikqueue.domain.usecase.find.WhyWaiting;
import io.quikqueue.domain.usecase.finish.FailureLog;
import io.quikqueue.domain.usecase.finish.WorkflowLog;
import io.quikqueue.domain.usecase.lease.Leases;
import io.quikqueue.domain.usecase.lease.OfferedTypes;
import io.quikqueue.domain.usecase.limit.ChangeLimits;
import io.quikqueue.domain.usecase.limit.DeclareLimits;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.list.ListJobs;
import io.quikqueue.domain.usecase.list.ListQueues;
import io.quikqueue.domain.usecase.list.ListWorkers;
import io.quikqueue.domain.usecase.list.OrphanedTypes;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.move.MoveJobs;
import io.quikqueue.domain.usecase.operate.ManageOperations;
import io.quikqueue.domain.usecase.operate.RunOperations;
import io.quikqueue.domain.usecase.pause.PauseJobs;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.policy.ChangePolicies;
import io.quikqueue.domain.usecase.policy.DeclarePolicies;
import io.quikqueue.domain.usecase.policy.PoliciesInForce;
import io.quikqueue.domain.usecase.prune.DeleteEnded;
import io.quikqueue.domain.usecase.prune.Prune;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.rescue.ReclaimExpiredLeases;
import io.quikqueue.domain.usecase.rescue.RecordCrash;
import io.quikqueue.domain.usecase.rescue.ReleaseForgotten;
import io.quikqueue.domain.usecase.rescue.RescueAbandoned;
import io.quikqueue.domain.usecase.retry.Retry;
import io.quikqueue.domain.usecase.run.CrashQuarantine;
import io.quikqueue.domain.usecase.run.NodeSpawner;
import io.quikqueue.domain.usecase.schedule.DeclareSchedules;
import io.quikqueue.domain.usecase.schedule.FireSchedules;
import io.quikqueue.domain.usecase.schedule.PlanWriter;
import io.quikqueue.domain.usecase.schedule.ScheduleCases;
import io.quikqueue.domain.usecase.signal.ReadSteps;
import io.quikqueue.domain.usecase.signal.SendSignal;
import io.quikqueue.domain.usecase.skip.SkipHeads;
import io.quikqueue.domain.usecase.stats.CountingMeter;
import io.quikqueue.domain.usecase.stats.PruneStats;
import io.quikqueue.domain.usecase.stats.QueuePace;
import io.quikqueue.domain.usecase.stats.ReadStats;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.usecase.submit.CancelOldest;
import io.quikqueue.domain.usecase.submit.GroupCommit;
import io.quikqueue.domain.usecase.submit.PayloadChecks;
import io.quikqueue.domain.usecase.submit.Submit;
import io.quikqueue.domain.usecase.user.UserCases;
import io.quikqueue.domain.usecase.wake.Wake;
import io.quikqueue.domain.usecase.worker.ManageWorkers;
import io.quikqueue.domain.usecase.workflow.ManageWorkflows;
import io.quikqueue.domain.usecase.workflow.RetryWorkflow;
import io.quikqueue.domain.usecase.workflow.SignalWorkflow;
import io.quikqueue.domain.usecase.workflow.SubmitWorkflow;
import io.quikqueue.domain.usecase.workflow.WorkflowWaits;
import io.quikqueue.handlers.PayloadSchema;
import io.quikqueue.http.CallbackJobHandler;
import io.quikqueue.local.LocalReadyQueue;
import io.quikqueue.local.LocalStream;
import io.quikqueue.metrics.PrometheusMeter;
import io.quikqueue.rest.RestApi;
import io.quikqueue.rest.UseCases;
import io.quikqueue.runtime.AccessConfig;
import io.quikqueue.runtime.Admin;
import io.quikqueue.runtime.AuditLoop;
import io.quikqueue.runtime.Closing;
import io.quikqueue.runtime.Loop;
import io.quikqueue.runtime.ProcessId;
import io.quikqueue.runtime.StatsLoop;
import io.quikqueue.runtime.TimedHealthCheck;
import io.quikqueue.runtime.UserAccess;
import io.quikqueue.runtime.WorkerService;
import io.quikqueue.sql.Migrations;
import io.quikqueue.sql.SqlStores;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/** The parts of the one-process service, put together. */
final class Service {

  /** One connection of SQLite can write at a time. */
  private static final int WRITERS = 1;

  private static final Duration SUBMITS_APART = Duration.ofMillis(2);
  private static final Duration LIVENESS = Duration.ofSeconds(20);
  private static final Duration RESCUE_EVERY = Duration.ofSeconds(1);
  private static final Duration RELEASE_EVERY = Duration.ofSeconds(5);

  /** How long a worker outside has to be heard of after a restart, to keep its jobs. */
  private static final Duration ASSUMED_LEASE = Duration.ofMinutes(1);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Beside those that run, twice what may wait to be recorded. */
  private static final int MOST_IN_HANDS = 4_000;

  private final StandaloneConfiguration config;
  private final PrometheusMeter metrics = new PrometheusMeter();
  private final CountingMeter meter = new CountingMeter(metrics);
  private final SqlStores stores;
  private final LocalReadyQueue ready;
  private final LocalStream stream;
  private final Await await;
  private final WorkflowWaits workflowWaits = new WorkflowWaits();
  private final FailureLog failures = new FailureLog(meter);
  private final JobStore jobs;
  private final DesiredInForce desired;
  private final PausesInForce pauses;
  private final LimitsInForce limits;
  private final Redaction redaction;
  private final PoliciesInForce policies;
  private final JobIds ids;
  private final PlanWriter plans;
  private final ScheduleCases schedules;
  private final Optional<DeclareSchedules> declared;
  private final Admission admission;
  private final GroupCommit submit;
  private final WorkerService worker;
  private final Leases leases;
  private final Loop wake;
  private final RecordCrash recordCrash;
  private final ReclaimExpiredLeases reclaim;
  private final MoveJobs move;
  private final ReleaseForgotten release;

  Service(StandaloneConfiguration config, Environment environment, boolean crashedBefore) {
    this.config = config;
    this.redaction = Redaction.of(config.secrets(), config.rest().isViewPayloads());
    CallbackJobs callbacks = new CallbackJobs(job -> redaction.masked(job).job());
    this.stores =
        SqlStores.open(
            config.database().withoutOutbox().encrypted(config.encryption().cipher()),
            environment.metrics(),
            callbacks,
            WorkflowListener.all(new WorkflowLog(meter), workflowWaits));
    config.encryption().join(environment);
    Migrations.migrate(config.database());
    new DeclareLimits(stores.limits(), config.declaredLimits(), stores.clock()).declare();
    new DeclarePolicies(stores.policies(), config.declaredPolicies(), stores.clock()).declare();
    this.policies = new PoliciesInForce(stores.policies(), System::nanoTime);
    this.ready = new LocalReadyQueue(stores.active(), stores.queues(), config.local());
    this.stream = new LocalStream(new DirectDispatch(ready, meter)::dispatch);
    this.await = new Await(stores.jobs());
    this.desired = new DesiredInForce(stores.desired(), System::nanoTime);
    this.pauses = new PausesInForce(stores.pauses(), System::nanoTime);
    this.limits = new LimitsInForce(stores.limits(), System::nanoTime);
    this.jobs =
        new ListenedJobStore(
            stores.jobs(),
            JobListener.all(
                JobListener.announcing(stream::announce),
                await,
                failures,
                JobListener.ofEach(this::wakeInTime)));
    Duration wakeEvery = config.scheduling().wakeEvery();
    Wake due = new Wake(stores.timers(), jobs, stores.clock(), meter, policies::refreshed);
    this.wake = new Loop("wake", () -> due.wake(wakeEvery));
    this.worker =
        new WorkerService(
            config.worker(),
            new WorkerService.Ports(
                ready,
                jobs,
                stores.journal(),
                stores.workers(),
                stores.queues(),
                stores.policies(),
                desired,
                pauses,
                limits,
                ready,
                stores.clock(),
                meter,
                redaction),
            failures,
            WRITERS,
            startsMarked(crashedBefore));
    this.recordCrash = new RecordCrash(jobs, stores.clock(), meter);
    this.reclaim =
        new ReclaimExpiredLeases(
            ready, stores.jobs(), recordCrash, ProcessId.next(), ASSUMED_LEASE);
    this.release =
        new ReleaseForgotten(
            stores.dependencies(), stores.workflows(), JobListener.announcing(stream::announce));
    this.ids = new JobIds(stores.clock(), new SecureRandom());
    this.leases =
        new Leases(
            new Leases.Ports(
                ready,
                jobs,
                stores.journal(),
                stores.workers(),
                desired,
                pauses,
                limits,
                stores.clock(),
                meter,
                redaction,
                payloads()::checkResolved,
                new NodeSpawner(this.ids, admission(), policies::table, limits::table)),
            ProcessId.next(),
            new Leases.Bounds(config.worker().maxResult(), config.rest().getMaxLeases()),
            System::nanoTime,
            () -> ThreadLocalRandom.current().nextDouble(),
            this::keep);
    this.move = new MoveJobs(jobs, ready, stores.clock(), policies::refreshed, ProcessId.next());
    this.plans =
        new PlanWriter(
            stores.schedules(),
            jobs,
            JobListener.announcing(stream::announce),
            stores.clock(),
            this.ids,
            policies::table,
            limits::table,
            meter);
    this.admission = admission();
    this.schedules = ScheduleCases.of(plans, admission);
    this.declared =
        config
            .declaredSchedules()
            .map(files -> new DeclareSchedules(schedules.manage(), stores.schedules(), files));
    declared.ifPresent(DeclareSchedules::declare); // before anything fires
    this.submit =
        new GroupCommit(
            new Submit(
                jobs,
                stores.clock(),
                ids,
                meter,
                policies::table,
                config.rest().getIdempotencyKeyLife().toJavaDuration(),
                limits::table,
                new CancelOldest(jobs, stores.queues(), stores.clock())),
            admission,
            WRITERS,
            SUBMITS_APART);
  }

  void register(Environment environment, DataDirectory data) {
    Prune prune =
        new Prune(
            stores.jobs(),
            stores.workflows(),
            stores.queues(),
            limits::table,
            stores.clock(),
            config.scheduling().retention());
    RunOperations operations =
        new RunOperations(
            stores.operations(),
            jobs,
            stores.dead(),
            stores.clock(),
            System::nanoTime,
            policies::refreshed,
            move);
    CleanDead cleanDead = new CleanDead(stores.dead(), stores.clock());

    // Started in this order and stopped in reverse: the worker drains while the store is still
    // open.
    environment.lifecycle().manage(Closing.of(data));
    environment.lifecycle().manage(Closing.of(stores));
    StatsLoop.join(environment, meter, stores.stats(), stores.clock());
    environment.lifecycle().manage(Closing.of(await));
    environment.lifecycle().manage(recovery());
    environment.lifecycle().manage(wake);
    FireSchedules fires = new FireSchedules(plans);
    environment
        .lifecycle()
        .manage(new Loop("schedules", () -> fires.fire(config.scheduling().wakeEvery())));
    declared.ifPresent(
        files -> environment.lifecycle().manage(new Loop("declare-schedules", files::declare)));
    environment.lifecycle().manage(Loop.draining("prune", MINUTE, prune::prune));
    PruneAudit pruneAudit = AuditLoop.prune(stores.audit(), stores.clock(), config.scheduling());
    environment.lifecycle().manage(Loop.draining("prune-audit", MINUTE, pruneAudit::prune));
    PruneStats pruneStats = new PruneStats(stores.stats(), stores.clock());
    environment.lifecycle().manage(Loop.draining("prune-stats", MINUTE, pruneStats::prune));
    environment.lifecycle().manage(Loop.draining("clean-dead", MINUTE, cleanDead::clean));
    environment.lifecycle().manage(new Loop("release", this::releaseForgotten));
    environment.lifecycle().manage(new Loop("operations", operations::run));
    worker.join(environment);
    environment.lifecycle().manage(Closing.of(leases));
    environment.lifecycle().manage(new Loop("leases", leases::supervise));
    environment.lifecycle().manage(Loop.draining("rescue", RESCUE_EVERY, this::rescue));
    environment.lifecycle().manage(Closing.of(submit));

    UseCases useCases = useCases();
    config.access().join(environment, useCases.authenticate(), useCases.keys(), useCases.users());
    AuditLoop.join(environment, useCases.audit().trail());
    RestApi rest = new RestApi(useCases, config.rest(), config.submit(), config.servedHosts());
    rest.register(environment);
    metrics.gauge("quikqueue_waits", "Requests that wait for a job.", () -> (long) rest.waiting());
    environment
        .healthChecks()
        .register(
            "store",
            TimedHealthCheck.of("database file " + config.database().file(), stores::ping));
    environment.healthChecks().register("types", TimedHealthCheck.finding(this::types));
    metrics.gauge(
        "quikqueue_workflows_open",
        "Workflows that have not ended, by state.",
        "state",
        () -> WorkflowLog.figures(stores.workflows().open()));
    metrics.gauge("quikqueue_ready_jobs", "Jobs in memory, ready to run.", "queue", ready::depth);
    metrics.gauge("quikqueue_slots_busy", "Jobs that run now.", () -> (long) worker.busy());
    metrics.gauge(
        "quikqueue_slots_stuck",
        "Slots kept by handlers that do not stop.",
        () -> (long) worker.stuck());
    metrics.gauge(
        "quikqueue_handlers_abandoned",
        "Handlers that did not stop and still run, with or without their slots.",
        () -> (long) worker.abandoned());
    Admin.serveWithApi(config, environment, metrics, "store");
  }

  /** What is wrong with the types of jobs that wait; empty = nothing. */
  private String types() {
    OfferedTypes offered = leases.offered();
    if (offered.all()) {
      return "";
    }
    Set<String> taken = new HashSet<>(worker.handlers().types());
    taken.addAll(offered.types());
    Set<String> waiting =
        new OrphanedTypes(stores.workers(), stores.queues(), stores.active(), taken).waiting();
    return waiting.isEmpty() ? "" : "jobs wait of types that no handler is here for: " + waiting;
  }

  /** Has the ready queue hold what its own worker and those outside take. */
  private void keep(OfferedTypes offered) {
    Set<String> types = new HashSet<>(worker.handlers().types());
    types.addAll(offered.types());
    ready.keepFromNowOn(offered.all() ? Set.of() : types);
  }

  /**
   * Takes over what workers outside this process have lost. Its own worker may have been held up as
   * this was, so it renews its leases before.
   */
  private boolean rescue() {
    worker.renew();
    return reclaim.reclaim();
  }

  private Duration releaseForgotten() {
    release.release();
    return RELEASE_EVERY;
  }

  /** A retry may be due before the next regular look. */
  private void wakeInTime(Job job) {
    if (job.dueAt() != null) {
      wake.nudge();
    }
  }

  /** Jobs that the process before left RUNNING are rescued before the first is taken. */
  private Managed recovery() {
    RescueAbandoned abandoned =
        new RescueAbandoned(stores.active(), ready, recordCrash, ASSUMED_LEASE);
    return new Managed() {
      @Override
      public void start() {
        ready.keepOnly(worker.handlers().types());
        abandoned.rescue();
        ready.start();
      }

      @Override
      public void stop() {
        ready.close();
      }
    };
  }

  private Predicate<Job> startsMarked(boolean crashedBefore) {
    return crashedBefore
        ? CrashQuarantine.startsMarkedAfterCrash(
            stores.clock().instant(), config.worker().slots() + MOST_IN_HANDS)
        : CrashQuarantine::startsMarked;
  }

  private PayloadChecks payloads() {
    return new PayloadChecks(
        stores.workers(), worker.payloadChecks(), PayloadSchema::of, redaction, System::nanoTime);
  }

  private Admission admission() {
    Set<String> types = new HashSet<>(worker.handlers().types());
    types.add(config.submit().getType());
    types.addAll(config.types());
    return new Admission(
        stores.workers(),
        stores.queues(),
        payloads(),
        types,
        config.rest().getMaxTimeout().toJavaDuration(),
        CallbackJobHandler::checkUrl,
        System::nanoTime);
  }

  private UseCases useCases() {
    BoundedAsking asking = new BoundedAsking(System::nanoTime);
    UserCases users = UserAccess.of(stores.accounts(), stores.clock(), meter);
    return new UseCases(
        submit,
        new Find(stores.jobs()),
        await,
        new WhyWaiting(
            pauses,
            stores.workers(),
            stores.dependencies(),
            new LimitChecks(limits, ready, asking),
            new DestinationChecks(ready, worker.hostFinders(), stores.clock(), System::nanoTime),
            new DispatchChecks(
                null,
                ready,
                asking,
                new QueuePace(stores.stats(), stores.clock(), System::nanoTime)),
            stores.clock(),
            LIVENESS,
            System::nanoTime),
        new RunningAttempts(stores.workers(), LIVENESS, System::nanoTime),
        new ListJobs(stores.jobs()),
        new Cancel(jobs, stores.clock()),
        new Retry(jobs, stores.clock(), admission::check, policies::refreshed),
        new SkipHeads(jobs, stores.clock()),
        move,
        new ListQueues(stores.queues(), pauses, limits, System::nanoTime),
        new DeleteEnded(jobs, stores.clock(), System::nanoTime),
        new ManageWorkers(
            new ListWorkers(stores.workers(), LIVENESS), stores.desired(), stores.clock()),
        new PauseJobs(stores.pauses(), stores.clock()),
        new ChangeLimits(stores.limits(), stores.clock()),
        new ChangePolicies(
            stores.policies(), stores.clock(), config.rest().getMaxTimeout().toJavaDuration()),
        leases,
        stores.clock(),
        new ListDead(stores.dead()),
        new MarkDead(stores.dead(), stores.clock()),
        new ManageOperations(stores.operations(), ids, stores.clock()),
        new ReadLogs(stores.jobs(), stores.logs()),
        redaction,
        new ReadSteps(stores.jobs(), stores.steps()),
        new SendSignal(
            stores.signals(),
            ids,
            stores.clock(),
            JobListener.announcing(stream::announce),
            policies::refreshed),
        schedules,
        new SubmitWorkflow(
            stores.workflows(),
            admission,
            JobListener.announcing(stream::announce),
            stores.clock(),
            ids,
            policies::table,
            limits::table,
            meter),
        new RetryWorkflow(
            stores.workflows(),
            stores.jobs(),
            admission,
            JobListener.announcing(stream::announce),
            stores.clock(),
            ids,
            policies::table,
            limits::table,
            redaction,
            meter),
        new ManageWorkflows(stores.workflows(), stores.jobs(), stores.clock()),
        workflowWaits,
        new SignalWorkflow(
            stores.workflowSignals(),
            ids,
            stores.clock(),
            JobListener.announcing(stream::announce)),
        AccessConfig.manage(stores.apiKeys(), stores.clock()),
        config.access().authenticate(stores.apiKeys(), stores.clock(), meter, users),
        new ScopeGate(
            stores.jobs(),
            stores.workflows(),
            stores.schedules(),
            stores.operations(),
            stores.dead()),
        users,
        AuditCases.of(stores.audit(), ids, System::nanoTime),
        new ReadStats(stores.stats(), stores.clock()));
  }
}
