package io.quikqueue.rest;

import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.domain.usecase.access.ManageKeys;
import io.quikqueue.domain.usecase.access.ScopeGate;
import io.quikqueue.domain.usecase.audit.AuditCases;
import io.quikqueue.domain.usecase.cancel.Cancel;
import io.quikqueue.domain.usecase.dead.ListDead;
import io.quikqueue.domain.usecase.dead.MarkDead;
import io.quikqueue.domain.usecase.find.Await;
import io.quikqueue.domain.usecase.find.Find;
import io.quikqueue.domain.usecase.find.ReadLogs;
import io.quikqueue.domain.usecase.find.RunningAttempts;
import io.quikqueue.domain.usecase.find.WhyWaiting;
import io.quikqueue.domain.usecase.lease.Leases;
import io.quikqueue.domain.usecase.limit.ChangeLimits;
import io.quikqueue.domain.usecase.list.ListJobs;
import io.quikqueue.domain.usecase.list.ListQueues;
import io.quikqueue.domain.usecase.move.MoveJobs;
import io.quikqueue.domain.usecase.operate.ManageOperations;
import io.quikqueue.domain.usecase.pause.PauseJobs;
import io.quikqueue.domain.usecase.policy.ChangePolicies;
import io.quikqueue.domain.usecase.prune.DeleteEnded;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.retry.Retry;
import io.quikqueue.domain.usecase.schedule.ScheduleCases;
import io.quikqueue.domain.usecase.signal.ReadSteps;
import io.quikqueue.domain.usecase.signal.SendSignal;
import io.quikqueue.domain.usecase.skip.SkipHeads;
import io.quikqueue.domain.usecase.stats.ReadStats;
import io.quikqueue.domain.usecase.submit.GroupCommit;
import io.quikqueue.domain.usecase.user.UserCases;
import io.quikqueue.domain.usecase.worker.ManageWorkers;
import io.quikqueue.domain.usecase.workflow.ManageWorkflows;
import io.quikqueue.domain.usecase.workflow.RetryWorkflow;
import io.quikqueue.domain.usecase.workflow.SignalWorkflow;
import io.quikqueue.domain.usecase.workflow.SubmitWorkflow;
import io.quikqueue.domain.usecase.workflow.WorkflowWaits;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What the API calls.
 *
 * @param move null = this process has no ready queue, without which no job can be moved
 * @param leases null = this process leases no jobs
 * @param clock the store's clock, for ages
 * @param workflowWaits to be told of the ends of workflows that this process commits
 * @param redaction what callers do not get to see of jobs
 * @param authenticate null = access is open
 * @param scopes tells what a caller has to do with
 */
public record UseCases(
    GroupCommit submit,
    Find find,
    Await await,
    WhyWaiting whyWaiting,
    RunningAttempts running,
    ListJobs listJobs,
    Cancel cancel,
    Retry retry,
    SkipHeads skip,
    @Nullable MoveJobs move,
    ListQueues listQueues,
    DeleteEnded deleteEnded,
    ManageWorkers manageWorkers,
    PauseJobs pauseJobs,
    ChangeLimits changeLimits,
    ChangePolicies changePolicies,
    @Nullable Leases leases,
    InstantSource clock,
    ListDead listDead,
    MarkDead markDead,
    ManageOperations operations,
    ReadLogs logs,
    Redaction redaction,
    ReadSteps steps,
    SendSignal signals,
    ScheduleCases schedules,
    SubmitWorkflow submitWorkflow,
    RetryWorkflow retryWorkflow,
    ManageWorkflows workflows,
    WorkflowWaits workflowWaits,
    SignalWorkflow signalWorkflow,
    ManageKeys keys,
    @Nullable Authenticate authenticate,
    ScopeGate scopes,
    UserCases users,
    AuditCases audit,
    ReadStats stats) {}
