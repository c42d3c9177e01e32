package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes jobs durable. */
public final class Submit {

  /** The most requests in one call. */
  public static final int MAX_BATCH = 500;

  private final JobStore store;
  private final InstantSource clock;
  private final JobIds ids;
  private final Meter meter;
  private final Supplier<PolicyTable> policies;
  private final Duration keyLife;
  private final Supplier<LimitTable> limits;
  private final @Nullable CancelOldest oldest;

  /**
   * Without policies of types or queues, and without limits; idempotency keys live as long as they
   * usually do.
   */
  public Submit(JobStore store, InstantSource clock, JobIds ids, Meter meter) {
    this(
        store,
        clock,
        ids,
        meter,
        () -> PolicyTable.EMPTY,
        IdempotencyKey.DEFAULT_LIFE,
        () -> LimitTable.EMPTY,
        null);
  }

  /**
   * @param clock the store's clock
   * @param policies those in force
   * @param keyLife how long an idempotency key counts
   * @param limits those in force
   * @param oldest null = no limits say to cancel any
   */
  public Submit(
      JobStore store,
      InstantSource clock,
      JobIds ids,
      Meter meter,
      Supplier<PolicyTable> policies,
      Duration keyLife,
      Supplier<LimitTable> limits,
      @Nullable CancelOldest oldest) {
    this.store = store;
    this.clock = clock;
    this.ids = ids;
    this.meter = meter;
    this.policies = policies;
    this.keyLife = keyLife;
    this.limits = limits;
    this.oldest = oldest;
  }

  /**
   * The answer to an earlier request like this under the same key; empty when there was none.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  Optional<SubmitResult> earlier(JobRequest request) {
    IdempotencyKey key = request.key();
    return key == null ? Optional.empty() : store.find(key, clock.instant());
  }

  /**
   * Stores the jobs in one transaction; accepted ones are durable when this returns.
   *
   * @param requests at most {@link #MAX_BATCH}
   * @return one answer per request, in the same order
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public List<SubmitResult> submit(List<JobRequest> requests) {
    Instant now = clock.instant();
    LimitTable table = limits.get();
    PolicyTable policy = policies.get();
    List<Submission> submissions = new ArrayList<>(requests.size());
    for (JobRequest request : requests) {
      MaxWaiting maxWaiting =
          MaxWaiting.of(table.ofQueue(request.spec().queue())).of(request.waiting());
      JobSpec spec = maxWaiting.counted(policy.complete(request.spec()));
      Job job = Job.submit(ids.next(), spec, request.due(now), false, now).job();
      submissions.add(
          new Submission(job, request.key(), now.plus(keyLife), maxWaiting, request.onConflict()));
    }
    List<SubmitResult> answers = store.submit(submissions);
    Map<String, Integer> accepted = new HashMap<>();
    for (SubmitResult answer : answers) {
      if (answer instanceof SubmitResult.Accepted(Job job)) {
        accepted.merge(job.spec().queue(), 1, Integer::sum);
      } else if (answer instanceof SubmitResult.Dropped(Job job, _)) {
        accepted.merge(job.spec().queue(), 1, Integer::sum);
      }
    }
    accepted.forEach(meter::submitted);
    if (oldest != null) {
      oldest.after(submissions);
    }
    return answers;
  }
}
