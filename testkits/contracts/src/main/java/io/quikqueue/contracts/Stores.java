package io.quikqueue.contracts;

import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.ApiKeys;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.DeadOutbox;
import io.quikqueue.domain.port.Dependencies;
import io.quikqueue.domain.port.DesiredStates;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Leadership;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.Operations;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.port.PolicyStore;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.Timers;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.port.WorkflowSignals;
import io.quikqueue.domain.port.Workflows;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one empty store.
 *
 * @param outbox null when the store is configured not to keep one
 * @param clock shows the same time as the store's own clock, in whole microseconds
 * @param letPass returns when this much time has passed on the store's clock
 */
public record Stores(
    JobStore jobs,
    @Nullable Outbox outbox,
    Timers timers,
    ActiveJobs active,
    Queues queues,
    Workers workers,
    DesiredStates desired,
    Leadership leadership,
    Pauses pauses,
    LimitStore limits,
    PolicyStore policies,
    DeadLetters dead,
    Dependencies dependencies,
    Operations operations,
    DeadOutbox deadOutbox,
    JobLogs logs,
    JobSteps steps,
    JobSignals signals,
    ScheduleStore schedules,
    Workflows workflows,
    WorkflowSignals workflowSignals,
    ApiKeys apiKeys,
    Accounts accounts,
    InstantSource clock,
    Consumer<Duration> letPass) {

  /** The ports of a store in a server, which goes by the time of this machine. */
  public static Stores inRealTime(
      JobStore jobs,
      @Nullable Outbox outbox,
      Timers timers,
      ActiveJobs active,
      Queues queues,
      Workers workers,
      DesiredStates desired,
      Leadership leadership,
      Pauses pauses,
      LimitStore limits,
      PolicyStore policies,
      DeadLetters dead,
      Dependencies dependencies,
      Operations operations,
      DeadOutbox deadOutbox,
      JobLogs logs,
      JobSteps steps,
      JobSignals signals,
      ScheduleStore schedules,
      Workflows workflows,
      WorkflowSignals workflowSignals,
      ApiKeys apiKeys,
      Accounts accounts) {
    RealTime time = new RealTime();
    return new Stores(
        jobs,
        outbox,
        timers,
        active,
        queues,
        workers,
        desired,
        leadership,
        pauses,
        limits,
        policies,
        dead,
        dependencies,
        operations,
        deadOutbox,
        logs,
        steps,
        signals,
        schedules,
        workflows,
        workflowSignals,
        apiKeys,
        accounts,
        time,
        time::letPass);
  }

  /** The ports of a store whose clock the caller moves. */
  public static Stores inMemory(InMemoryStore store, SettableClock clock) {
    return new Stores(
        store,
        store,
        store,
        store,
        store,
        store,
        store.desired(),
        store,
        store,
        store.limits(),
        new InMemoryPolicies(),
        store.dead(),
        store,
        store.operations(),
        store.deadOutbox(),
        store.logs(),
        store.steps(),
        store.signals(),
        store.schedules(),
        store.workflows(),
        store.workflowSignals(),
        new InMemoryApiKeys(),
        new InMemoryAccounts().ports(),
        clock,
        clock::advance);
  }
}
