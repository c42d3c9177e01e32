package io.quikqueue.sql;

import com.codahale.metrics.MetricRegistry;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.ApiKeys;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.DeadOutbox;
import io.quikqueue.domain.port.Dependencies;
import io.quikqueue.domain.port.DesiredStates;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Leadership;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.Operations;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.ParkedJobs;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.port.PolicyStore;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.Timers;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.port.WorkflowListener;
import io.quikqueue.domain.port.WorkflowSignals;
import io.quikqueue.domain.port.Workflows;
import java.time.InstantSource;

/**
 * The ports that a database serves. Opening needs no database that answers: the ports throw {@link
 * UnavailableException} until it does.
 */
public final class SqlStores implements AutoCloseable {

  private final Database database;
  private final WriteCheck writes;
  private final StoreClock clock;
  private final JobStore jobs;
  private final Outbox outbox;
  private final Timers timers;
  private final ActiveJobs active;
  private final ParkedJobs parked;
  private final Queues queues;
  private final Workers workers;
  private final DesiredStates desired;
  private final Leadership leadership;
  private final Pauses pauses;
  private final LimitStore limits;
  private final PolicyStore policies;
  private final DeadLetters dead;
  private final Dependencies dependencies;
  private final DeadOutbox deadOutbox;
  private final Operations operations;
  private final JobLogs logs;
  private final JobSteps steps;
  private final JobSignals signals;
  private final ScheduleStore schedules;
  private final SqlWorkflows workflows;
  private final ApiKeys apiKeys;
  private final Accounts accounts;
  private final AuditLog audit;
  private final JobStats stats;
  private final Connections connections;

  private SqlStores(
      DatabaseConfig config,
      Connections connections,
      CallbackJobs callbacks,
      WorkflowListener listener) {
    this.database = new Database(config, connections);
    this.connections = connections;
    this.writes = new WriteCheck(database, System::nanoTime);
    this.clock = new StoreClock(this::storeMicros, System::nanoTime, mark(config));
    SqlJobStore store = new SqlJobStore(database, config.outbox(), callbacks, listener);
    this.jobs = store;
    this.outbox = new SqlOutbox(database);
    this.timers = new SqlTimers(database);
    this.active = new SqlActiveJobs(database);
    this.parked = new SqlParkedJobs(database);
    this.queues = new SqlQueues(database);
    this.workers = new SqlWorkers(database);
    this.desired = new SqlDesiredStates(database);
    this.leadership = new SqlLeadership(database);
    this.pauses = new SqlPauses(database);
    this.limits = new SqlLimits(database);
    this.policies = new SqlPolicies(database);
    this.dead = new SqlDeadLetters(database, store);
    this.dependencies = new SqlDependencies(database, config.outbox(), callbacks);
    this.operations = new SqlOperations(database);
    this.deadOutbox = new SqlDeadOutbox(database);
    this.logs = new SqlJobLogs(database);
    this.steps = new SqlJobSteps(database);
    this.signals = new SqlJobSignals(database, config.outbox(), callbacks);
    this.schedules = new SqlSchedules(database, store.submits());
    this.apiKeys = new SqlApiKeys(database);
    this.accounts = SqlUsers.accounts(database);
    this.audit = new SqlAuditLog(database);
    this.stats = new SqlJobStats(database);
    this.workflows = new SqlWorkflows(database, config.outbox(), callbacks, store, listener);
  }

  /**
   * Opens a store whose tables are there, see {@link Migrations}.
   *
   * @param metrics where the pool of connections counts
   */
  public static SqlStores open(DatabaseConfig config, MetricRegistry metrics) {
    return open(config, metrics, new CallbackJobs(), WorkflowListener.NONE);
  }

  /**
   * Likewise.
   *
   * @param callbacks makes the jobs that tell of the ends of others
   * @param listener hears of the workflows that ended
   */
  public static SqlStores open(
      DatabaseConfig config,
      MetricRegistry metrics,
      CallbackJobs callbacks,
      WorkflowListener listener) {
    return new SqlStores(config, config.dialect().connect(config, metrics), callbacks, listener);
  }

  public JobStore jobs() {
    return jobs;
  }

  /** Empty for good when the configuration says that there is no outbox. */
  public Outbox outbox() {
    return outbox;
  }

  public Timers timers() {
    return timers;
  }

  public ActiveJobs active() {
    return active;
  }

  public ParkedJobs parked() {
    return parked;
  }

  public Queues queues() {
    return queues;
  }

  public Workers workers() {
    return workers;
  }

  public DesiredStates desired() {
    return desired;
  }

  public Leadership leadership() {
    return leadership;
  }

  public Pauses pauses() {
    return pauses;
  }

  public PolicyStore policies() {
    return policies;
  }

  public LimitStore limits() {
    return limits;
  }

  public DeadLetters dead() {
    return dead;
  }

  public Dependencies dependencies() {
    return dependencies;
  }

  /** Empty for good when the configuration says that there is no outbox. */
  public DeadOutbox deadOutbox() {
    return deadOutbox;
  }

  public Operations operations() {
    return operations;
  }

  public JobLogs logs() {
    return logs;
  }

  public JobSteps steps() {
    return steps;
  }

  public JobSignals signals() {
    return signals;
  }

  public WorkflowSignals workflowSignals() {
    return workflows.signals();
  }

  public ScheduleStore schedules() {
    return schedules;
  }

  public Workflows workflows() {
    return workflows;
  }

  public ApiKeys apiKeys() {
    return apiKeys;
  }

  public Accounts accounts() {
    return accounts;
  }

  public JobStats stats() {
    return stats;
  }

  public AuditLog audit() {
    return audit;
  }

  public JobJournal journal() {
    return new JobJournal(logs, steps, workflows);
  }

  /** The store's clock; it throws {@link UnavailableException} until the store first answered. */
  public InstantSource clock() {
    return clock;
  }

  /**
   * Asks the database for an answer, and whether it takes a write.
   *
   * @throws UnavailableException when it does not
   */
  public void ping() {
    writes.run();
    database.read(handle -> handle.select("SELECT COUNT(*) FROM leases").mapTo(Long.class).one());
  }

  /** One process alone takes the clock as it is when it starts. */
  private ClockMark mark(DatabaseConfig config) {
    return config.isServer() ? new SqlClockMark(database) : ClockMark.NONE;
  }

  private long storeMicros() {
    return database.read(handle -> handle.select("SELECT <now>").mapTo(Long.class).one());
  }

  /** Closes all connections; calls after this throw {@link UnavailableException}. */
  @Override
  public void close() {
    connections.close();
  }
}
