package io.quikqueue.rest;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryAccounts;
import io.quikqueue.contracts.InMemoryApiKeys;
import io.quikqueue.contracts.InMemoryAuditLog;
import io.quikqueue.contracts.InMemoryJobStats;
import io.quikqueue.contracts.InMemoryLimits;
import io.quikqueue.contracts.InMemoryPolicies;
import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.PayloadCheck;
import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.domain.usecase.access.ManageKeys;
import io.quikqueue.domain.usecase.access.ScopeGate;
import io.quikqueue.domain.usecase.audit.AuditCases;
import io.quikqueue.domain.usecase.cancel.Cancel;
import io.quikqueue.domain.usecase.dead.ListDead;
import io.quikqueue.domain.usecase.dead.MarkDead;
import io.quikqueue.domain.usecase.desired.DesiredInForce;
import io.quikqueue.domain.usecase.find.Await;
import io.quikqueue.domain.usecase.find.BoundedAsking;
import io.quikqueue.domain.usecase.find.DestinationChecks;
import io.quikqueue.domain.usecase.find.DispatchChecks;
import io.quikqueue.domain.usecase.find.Find;
import io.quikqueue.domain.usecase.find.LimitChecks;
import io.quikqueue.domain.usecase.find.ReadLogs;
import io.quikqueue.domain.usecase.find.RunningAttempts;
import io.quikqueue.domain.usecase.find.WhyWaiting;
import io.quikqueue.domain.usecase.lease.Leases;
import io.quikqueue.domain.usecase.limit.ChangeLimits;
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
import io.quikqueue.domain.usecase.policy.PoliciesInForce;
import io.quikqueue.domain.usecase.prune.DeleteEnded;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.redact.SecretFields;
import io.quikqueue.domain.usecase.retry.Retry;
import io.quikqueue.domain.usecase.run.NodeSpawner;
import io.quikqueue.domain.usecase.schedule.PlanWriter;
import io.quikqueue.domain.usecase.schedule.ScheduleCases;
import io.quikqueue.domain.usecase.signal.ReadSteps;
import io.quikqueue.domain.usecase.signal.SendSignal;
import io.quikqueue.domain.usecase.skip.SkipHeads;
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
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A Dropwizard application with the API over a store in memory, on a free port. */
public class ApiUnderTest extends Application<Configuration> {

  static final int MAX_BODY = 64 << 10;
  static final int MAX_BATCH = 2 << 20;
  static final int MAX_RESULT = 32 << 10;
  static final int MAX_LEASES = 100;
  static final String ENDPOINT = "http://example.com/hook?a=\"b\"";

  final InstantSource clock = () -> Instant.now().truncatedTo(ChronoUnit.MICROS);
  final InMemoryStore memory = new InMemoryStore(clock);
  final InMemoryReadyQueue ready = new InMemoryReadyQueue(clock);
  final InMemoryLimits limits = memory.limits();
  final InMemoryApiKeys apiKeys = new InMemoryApiKeys();
  final InMemoryJobStats stats = new InMemoryJobStats();
  private final Random random = new Random(6);
  final Accounts accounts = new InMemoryAccounts().ports();
  final UserCases users = TestUsers.cases(accounts, clock);
  final InMemoryPolicies policies = new InMemoryPolicies();
  final BreakableStore store = new BreakableStore(memory);
  final Await await = new Await(store);
  final WorkflowWaits workflowWaits = new WorkflowWaits();
  private final AtomicLong settingsNanos = new AtomicLong();
  private final DesiredInForce desired = new DesiredInForce(memory.desired(), settingsNanos::get);
  private final PausesInForce pauses = new PausesInForce(memory, settingsNanos::get);
  private final LimitsInForce limitsInForce = new LimitsInForce(limits, settingsNanos::get);
  final PoliciesInForce policiesInForce = new PoliciesInForce(policies, settingsNanos::get);
  private final JobStore listened = new ListenedJobStore(store, await);
  final Redaction redaction =
      Redaction.of(
          Map.of("echo", SecretFields.of(List.of("/payload/password", "/payload/cards/*/number"))),
          false);
  final Leases leases =
      new Leases(
          new Leases.Ports(
              ready,
              listened,
              memory.journal(),
              memory,
              desired,
              pauses,
              limitsInForce,
              clock,
              Meter.NONE,
              redaction,
              _ -> {},
              new NodeSpawner(
                  new JobIds(clock, new Random(8)::nextLong),
                  admission(),
                  policiesInForce::table,
                  limitsInForce::table)),
          "api",
          new Leases.Bounds(MAX_RESULT, MAX_LEASES),
          System::nanoTime,
          () -> 0.5,
          _ -> {});
  RestApi rest;

  static DropwizardAppExtension<Configuration> extension() {
    return new DropwizardAppExtension<>(ApiUnderTest.class, configuration());
  }

  static Configuration configuration() {
    Configuration configuration = new Configuration();
    DefaultServerFactory server = (DefaultServerFactory) configuration.getServerFactory();
    List.of(server.getApplicationConnectors(), server.getAdminConnectors())
        .forEach(
            connectors -> {
              HttpConnectorFactory connector = (HttpConnectorFactory) connectors.getFirst();
              connector.setBindHost("127.0.0.1");
              connector.setPort(0);
            });
    server.setEnableVirtualThreads(true);
    server.setRegisterDefaultExceptionMappers(false);
    return configuration;
  }

  @Override
  public void run(Configuration configuration, Environment environment) {
    RestConfig rest = new RestConfig();
    rest.setMaxBody(DataSize.bytes(MAX_BODY));
    rest.setMaxBatch(DataSize.bytes(MAX_BATCH));
    rest.setMaxWait(Duration.seconds(90)); // what ends a wait may take long on a busy machine
    limit(rest);
    SubmitConfig submit = new SubmitConfig();
    submit.setEndpoint(ENDPOINT);
    ServedHosts hosts = new ServedHosts(List.of("jobs.example"));
    this.rest = new RestApi(useCases(), rest, submit, hosts, this::answerTime);
    this.rest.register(environment);
    RequestGuard.install(environment.admin(), hosts);
  }

  /** Sets further limits. */
  void limit(RestConfig rest) {}

  java.time.Duration answerTime(int bytes) {
    return AnswerBudget.usualTime(bytes);
  }

  /** Payloads of http jobs must be objects. */
  private static Map<String, PayloadCheck> payloadChecks() {
    return Map.of(
        "http",
        payload -> {
          if (!payload.startsWith("{")) {
            throw new InvalidPayloadException("", "must be an object");
          }
          if (payload.contains("\"bad/key\"")) {
            throw new InvalidPayloadException("/bad~1key", "is not a field of an http job");
          }
        });
  }

  final InMemoryAuditLog auditLog = new InMemoryAuditLog();
  final Flaky<AuditLog> flakyAudit = new Flaky<>(AuditLog.class, auditLog);
  final AuditCases audit =
      AuditCases.of(
          flakyAudit.port(), new JobIds(clock, new Random(36)::nextLong), System::nanoTime);

  /** What jobs in the queue {@code patient} have unless they say otherwise. */
  private static final RetryOptions PATIENT =
      new RetryOptions(
          9,
          RetryDelays.of(null, null, null, List.of(java.time.Duration.ofHours(1)), null),
          null,
          null);

  final PlanWriter plans =
      new PlanWriter(
          memory.schedules(),
          listened,
          JobListener.announcing(_ -> {}),
          clock,
          new JobIds(clock, new Random(4)::nextLong),
          policiesInForce::table,
          limitsInForce::table,
          Meter.NONE);

  UseCases useCases() {
    policies.declare(
        Map.of(LimitKey.queue("patient"), new PolicyOptions(PATIENT, null)),
        "configuration",
        clock.instant());
    Submit submit =
        new Submit(
            listened,
            clock,
            new JobIds(clock, new Random(1)::nextLong),
            Meter.NONE,
            policiesInForce::table,
            IdempotencyKey.DEFAULT_LIFE,
            limitsInForce::table,
            new CancelOldest(listened, memory, clock));
    Admission admission = admission();
    BoundedAsking asking = new BoundedAsking(System::nanoTime);
    return new UseCases(
        new GroupCommit(submit, admission, 2, java.time.Duration.ofMillis(2)),
        new Find(store),
        await,
        new WhyWaiting(
            pauses,
            memory,
            memory,
            new LimitChecks(limitsInForce, ready, asking),
            new DestinationChecks(ready, Map.of(), clock, System::nanoTime),
            new DispatchChecks(
                memory, ready, asking, new QueuePace(stats, clock, System::nanoTime)),
            clock,
            java.time.Duration.ofSeconds(30),
            System::nanoTime),
        new RunningAttempts(memory, java.time.Duration.ofSeconds(30), System::nanoTime),
        new ListJobs(store),
        new Cancel(listened, clock),
        new Retry(listened, clock, admission::check, policiesInForce::refreshed),
        new SkipHeads(listened, clock),
        leases() == null
            ? null
            : new MoveJobs(listened, ready, clock, policiesInForce::refreshed, "api"),
        new ListQueues(memory, pauses, limitsInForce, System::nanoTime),
        new DeleteEnded(listened, clock, System::nanoTime),
        new ManageWorkers(
            new ListWorkers(memory, java.time.Duration.ofSeconds(30)), memory.desired(), clock),
        new PauseJobs(memory, clock),
        new ChangeLimits(limits, clock),
        new ChangePolicies(policies, clock, java.time.Duration.ofHours(6)),
        leases(),
        clock,
        new ListDead(memory.dead()),
        new MarkDead(memory.dead(), clock),
        new ManageOperations(
            memory.operations(), new JobIds(clock, new Random(2)::nextLong), clock),
        new ReadLogs(store, memory.logs()),
        redaction,
        new ReadSteps(store, memory.steps()),
        new SendSignal(
            memory.signals(),
            new JobIds(clock, new Random(3)::nextLong),
            clock,
            JobListener.announcing(jobs -> jobs.forEach(job -> ready(job.id().toString()))),
            policiesInForce::refreshed),
        ScheduleCases.of(plans, admission),
        new SubmitWorkflow(
            memory.workflows(),
            admission,
            JobListener.announcing(jobs -> {}),
            clock,
            new JobIds(clock, new Random(5)::nextLong),
            policiesInForce::table,
            limitsInForce::table,
            Meter.NONE),
        new RetryWorkflow(
            memory.workflows(),
            store,
            admission,
            JobListener.announcing(jobs -> {}),
            clock,
            new JobIds(clock, new Random(6)::nextLong),
            policiesInForce::table,
            limitsInForce::table,
            redaction,
            Meter.NONE),
        new ManageWorkflows(memory.workflows(), store, clock),
        workflowWaits,
        new SignalWorkflow(
            memory.workflowSignals(),
            new JobIds(clock, new Random(7)::nextLong),
            clock,
            JobListener.announcing(jobs -> {})),
        new ManageKeys(apiKeys, clock, this::keyBytes),
        authenticate(),
        new ScopeGate(
            store, memory.workflows(), memory.schedules(), memory.operations(), memory.dead()),
        users,
        audit,
        new ReadStats(stats, clock));
  }

  private byte[] keyBytes() {
    byte[] bytes = new byte[KeyText.BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Null = access is open. */
  @Nullable Authenticate authenticate() {
    return null;
  }

  /** Null = jobs cannot be leased. */
  @Nullable Leases leases() {
    return leases;
  }

  /** Puts a job into the ready queue. */
  Job ready(String id) {
    JobId job = JobId.parse(id);
    Job queued = memory.find(List.of(job)).get(job);
    ready.push(List.of(queued));
    return queued;
  }

  private Admission admission() {
    return new Admission(
        memory,
        memory,
        new PayloadChecks(memory, payloadChecks(), _ -> _ -> {}, redaction, System::nanoTime),
        Set.of("echo", "http", "add", "multiply", "sum_multiply"),
        java.time.Duration.ofHours(6),
        ApiUnderTest::requireNoUser,
        System::nanoTime);
  }

  private static void requireNoUser(String url) {
    if (url.contains("@")) {
      throw new InvalidFieldException("callback.url", "must not carry a user name or password");
    }
  }

  /** Pauses and limits that were set until now are in force everywhere. */
  void letChangesTakeEffect() {
    settingsNanos.addAndGet(1_000_000_000);
  }

  /** Has the job go on as if a worker had it. */
  Job change(String id, Function<Job, Transition> verb) {
    JobId job = JobId.parse(id);
    Job before = memory.find(List.of(job)).get(job);
    Transition transition = verb.apply(before).by("w1");
    new ListenedJobStore(memory, await).save(List.of(transition));
    return transition.after();
  }

  Job succeed(String id, String result, String note) {
    return change(id, job -> job.succeed(result, note, clock.instant()));
  }

  Job fail(String id, String message) {
    return change(id, job -> job.fail(new Failure(message, true), 0, clock.instant()));
  }
}
