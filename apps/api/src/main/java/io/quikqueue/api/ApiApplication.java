package io.quikqueue.api;

import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.PayloadCheck;
import io.quikqueue.domain.port.WorkflowListener;
import io.quikqueue.domain.usecase.access.ScopeGate;
import io.quikqueue.domain.usecase.announce.Announce;
import io.quikqueue.domain.usecase.announce.Announcer;
import io.quikqueue.domain.usecase.audit.AuditCases;
import io.quikqueue.domain.usecase.cancel.Cancel;
import io.quikqueue.domain.usecase.dead.ListDead;
import io.quikqueue.domain.usecase.dead.MarkDead;
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
import io.quikqueue.domain.usecase.limit.ChangeLimits;
import io.quikqueue.domain.usecase.limit.DeclareLimits;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.list.ListJobs;
import io.quikqueue.domain.usecase.list.ListQueues;
import io.quikqueue.domain.usecase.list.ListWorkers;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.move.MoveJobs;
import io.quikqueue.domain.usecase.operate.ManageOperations;
import io.quikqueue.domain.usecase.pause.PauseJobs;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.policy.ChangePolicies;
import io.quikqueue.domain.usecase.policy.DeclarePolicies;
import io.quikqueue.domain.usecase.policy.PoliciesInForce;
import io.quikqueue.domain.usecase.prune.DeleteEnded;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.retry.Retry;
import io.quikqueue.domain.usecase.run.NodeSpawner;
import io.quikqueue.domain.usecase.schedule.DeclareSchedules;
import io.quikqueue.domain.usecase.schedule.PlanWriter;
import io.quikqueue.domain.usecase.schedule.ScheduleCases;
import io.quikqueue.domain.usecase.signal.ReadSteps;
import io.quikqueue.domain.usecase.signal.SendSignal;
import io.quikqueue.domain.usecase.skip.SkipHeads;
import io.quikqueue.domain.usecase.stats.CountingMeter;
import io.quikqueue.domain.usecase.stats.QueuePace;
import io.quikqueue.domain.usecase.stats.ReadStats;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.usecase.submit.CancelOldest;
import io.quikqueue.domain.usecase.submit.GroupCommit;
import io.quikqueue.domain.usecase.submit.PayloadChecks;
import io.quikqueue.domain.usecase.submit.Submit;
import io.quikqueue.domain.usecase.user.UserCases;
import io.quikqueue.domain.usecase.worker.ManageWorkers;
import io.quikqueue.domain.usecase.workflow.ManageWorkflows;
import io.quikqueue.domain.usecase.workflow.RetryWorkflow;
import io.quikqueue.domain.usecase.workflow.SignalWorkflow;
import io.quikqueue.domain.usecase.workflow.SubmitWorkflow;
import io.quikqueue.domain.usecase.workflow.WorkflowWaits;
import io.quikqueue.handlers.HandlerRegistry;
import io.quikqueue.handlers.PayloadSchema;
import io.quikqueue.http.CallbackJobHandler;
import io.quikqueue.http.HttpJobHandler;
import io.quikqueue.kafka.KafkaJobStream;
import io.quikqueue.metrics.PrometheusMeter;
import io.quikqueue.redis.RedisConfig;
import io.quikqueue.rest.RestApi;
import io.quikqueue.rest.UseCases;
import io.quikqueue.runtime.AccessConfig;
import io.quikqueue.runtime.Admin;
import io.quikqueue.runtime.AuditLoop;
import io.quikqueue.runtime.Closing;
import io.quikqueue.runtime.Loop;
import io.quikqueue.runtime.ProcessId;
import io.quikqueue.runtime.ServiceApplication;
import io.quikqueue.runtime.Settings;
import io.quikqueue.runtime.StatsLoop;
import io.quikqueue.runtime.UsedServers;
import io.quikqueue.runtime.UserAccess;
import io.quikqueue.sql.SqlStores;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Takes jobs in over HTTP, announces them, and shows their results. */
public final class ApiApplication extends ServiceApplication<ApiConfiguration> {

  private static final int SUBMIT_LANES = 2;
  private static final Duration SUBMITS_APART = Duration.ofMillis(5);
  private static final Duration LIVENESS = Duration.ofSeconds(20);

  public static void main(String[] args) {
    new ApiApplication().launch(args);
  }

  @Override
  public String getName() {
    return "quikqueue-api";
  }

  @Override
  protected String usage() {
    return """
    usage: quikqueue api CONFIG.yml

    The api: takes jobs in over HTTP and shows their results. The configuration file that comes along is config/api.yml.

    """;
  }

  @Override
  public void initialize(Bootstrap<ApiConfiguration> bootstrap) {
    Settings.substitute(bootstrap, Map.of());
  }

  @Override
  public void run(ApiConfiguration config, Environment environment) {
    PrometheusMeter metrics = new PrometheusMeter();
    CountingMeter meter = new CountingMeter(metrics);
    FieldCipher cipher = config.encryption().cipher();
    config.encryption().join(environment);
    Redaction redaction = Redaction.of(config.secrets(), config.rest().isViewPayloads());
    CallbackJobs callbacks = new CallbackJobs(job -> redaction.masked(job).job());
    WorkflowWaits workflowWaits = new WorkflowWaits();
    SqlStores stores =
        SqlStores.open(
            config.database().encrypted(cipher),
            environment.metrics(),
            callbacks,
            WorkflowListener.all(new WorkflowLog(meter), workflowWaits));
    KafkaJobStream stream = new KafkaJobStream(config.kafka(), cipher);
    Announcer announcer = new Announcer(new Announce(stream, stores.outbox(), meter));
    Await await = new Await(stores.jobs());
    FailureLog failures = new FailureLog(meter);
    JobStore jobs =
        new ListenedJobStore(
            stores.jobs(), JobListener.all(JobListener.announcing(announcer), await, failures));
    JobIds ids = new JobIds(stores.clock(), new SecureRandom());
    LimitsInForce limits = new LimitsInForce(stores.limits(), System::nanoTime);
    PoliciesInForce policies = new PoliciesInForce(stores.policies(), System::nanoTime);
    Admission admission = admission(config, stores, redaction);
    GroupCommit submit =
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
            SUBMIT_LANES,
            SUBMITS_APART);
    PausesInForce pauses = new PausesInForce(stores.pauses(), System::nanoTime);
    DeclareLimits declared =
        new DeclareLimits(stores.limits(), config.declaredLimits(), stores.clock());
    DeclarePolicies declaredPolicies =
        new DeclarePolicies(stores.policies(), config.declaredPolicies(), stores.clock());
    RedisConfig redis = config.redis();
    LeaseService leases =
        redis == null
            ? null
            : LeaseService.of(
                redis,
                cipher,
                stores,
                jobs,
                pauses,
                limits,
                meter,
                redaction,
                payloads(stores, redaction)::checkResolved,
                new NodeSpawner(ids, admission, policies::table, limits::table),
                config.rest().getMaxLeases());
    ScheduleCases schedules =
        ScheduleCases.of(
            new PlanWriter(
                stores.schedules(),
                jobs,
                JobListener.announcing(announcer),
                stores.clock(),
                ids,
                policies::table,
                limits::table,
                meter),
            admission);
    BoundedAsking asking = new BoundedAsking(System::nanoTime);
    UserCases users = UserAccess.of(stores.accounts(), stores.clock(), meter);
    UseCases useCases =
        new UseCases(
            submit,
            new Find(stores.jobs()),
            await,
            new WhyWaiting(
                pauses,
                stores.workers(),
                stores.dependencies(),
                leases == null ? null : new LimitChecks(limits, leases.ready(), asking),
                leases == null
                    ? null
                    : new DestinationChecks(
                        leases.ready(),
                        Map.of(HttpJobHandler.TYPE, HttpJobHandler::hostOf),
                        stores.clock(),
                        System::nanoTime),
                new DispatchChecks(
                    stores.outbox(),
                    leases == null ? null : leases.ready(),
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
            leases == null
                ? null
                : new MoveJobs(
                    jobs, leases.ready(), stores.clock(), policies::refreshed, ProcessId.next()),
            new ListQueues(stores.queues(), pauses, limits, System::nanoTime),
            new DeleteEnded(jobs, stores.clock(), System::nanoTime),
            new ManageWorkers(
                new ListWorkers(stores.workers(), LIVENESS), stores.desired(), stores.clock()),
            new PauseJobs(stores.pauses(), stores.clock()),
            new ChangeLimits(stores.limits(), stores.clock()),
            new ChangePolicies(
                stores.policies(), stores.clock(), config.rest().getMaxTimeout().toJavaDuration()),
            leases == null ? null : leases.leases(),
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
                JobListener.announcing(announcer),
                policies::refreshed),
            schedules,
            new SubmitWorkflow(
                stores.workflows(),
                admission,
                JobListener.announcing(announcer),
                stores.clock(),
                ids,
                policies::table,
                limits::table,
                meter),
            new RetryWorkflow(
                stores.workflows(),
                stores.jobs(),
                admission,
                JobListener.announcing(announcer),
                stores.clock(),
                ids,
                policies::table,
                limits::table,
                redaction,
                meter),
            new ManageWorkflows(stores.workflows(), stores.jobs(), stores.clock()),
            workflowWaits,
            new SignalWorkflow(
                stores.workflowSignals(), ids, stores.clock(), JobListener.announcing(announcer)),
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

    // Stopped in reverse: what is submitted is committed, then announced, then the servers are
    // left.
    environment.lifecycle().manage(Closing.of(stores));
    StatsLoop.join(environment, meter, stores.stats(), stores.clock());
    config.access().join(environment, useCases.authenticate(), useCases.keys(), useCases.users());
    AuditLoop.join(environment, useCases.audit().trail());
    environment.lifecycle().manage(new Loop("declare-limits", declared::declare));
    environment.lifecycle().manage(new Loop("declare-policies", declaredPolicies::declare));
    config
        .declaredSchedules()
        .map(files -> new DeclareSchedules(schedules.manage(), stores.schedules(), files))
        .ifPresent(
            files -> environment.lifecycle().manage(new Loop("declare-schedules", files::declare)));
    environment.lifecycle().manage(Closing.of(stream));
    stream.start();
    environment.lifecycle().manage(Closing.of(announcer));
    environment.lifecycle().manage(Closing.of(await));
    environment.lifecycle().manage(Closing.of(submit));
    RestApi rest = new RestApi(useCases, config.rest(), config.submit(), config.servedHosts());
    rest.register(environment);
    metrics.gauge("quikqueue_waits", "Requests that wait for a job.", () -> (long) rest.waiting());
    UsedServers servers =
        new UsedServers(environment, "api")
            .add("store", "database", config.database().servers(), stores::ping)
            .add("stream", "Kafka", config.kafka().getBootstrapServers(), stream::lag);
    if (leases != null) {
      leases.join(environment, servers, failures);
    }
    Admin.serveWithApi(config, environment, metrics, "store");
  }

  private static Admission admission(
      ApiConfiguration config, SqlStores stores, Redaction redaction) {
    return new Admission(
        stores.workers(),
        stores.queues(),
        payloads(stores, redaction),
        types(config),
        config.rest().getMaxTimeout().toJavaDuration(),
        CallbackJobHandler::checkUrl,
        System::nanoTime);
  }

  /** Of the types that come along it knows by itself; of others what workers tell the store. */
  private static PayloadChecks payloads(SqlStores stores, Redaction redaction) {
    Map<String, PayloadCheck> own = new HashMap<>(HandlerRegistry.builtIn().payloadChecks());
    own.put(HttpJobHandler.TYPE, HttpJobHandler::check);
    return new PayloadChecks(stores.workers(), own, PayloadSchema::of, redaction, System::nanoTime);
  }

  private static Set<String> types(ApiConfiguration config) {
    Set<String> types = new HashSet<>(HandlerRegistry.builtIn().types());
    types.add(HttpJobHandler.TYPE);
    types.add(config.submit().getType());
    types.addAll(config.types());
    return types;
  }
}
