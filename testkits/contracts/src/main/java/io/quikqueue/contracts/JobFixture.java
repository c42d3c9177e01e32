package io.quikqueue.contracts;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Describes a job and brings it to a state by the verbs that lead there, all at one instant. */
public final class JobFixture {

  private JobId id;
  private Instant now;
  private final JobSpec.Builder spec = JobSpec.builder("echo", "{\"text\":\"hello\"}");
  private final Map<String, String> labels = new LinkedHashMap<>();

  JobFixture(JobId id, Instant now) {
    this.id = id;
    this.now = now;
  }

  public JobFixture id(JobId given) {
    id = given;
    return this;
  }

  /** When everything happens to this job. */
  public JobFixture at(Instant instant) {
    now = instant;
    return this;
  }

  /** Says what this class has no method for. */
  public JobFixture with(Consumer<JobSpec.Builder> description) {
    description.accept(spec);
    return this;
  }

  public JobFixture type(String name) {
    return with(it -> it.type(name));
  }

  public JobFixture queue(String name) {
    return with(it -> it.queue(name));
  }

  /**
   * @param json JSON text
   */
  public JobFixture payload(String json) {
    return with(it -> it.payload(json));
  }

  public JobFixture group(@Nullable String value) {
    return with(it -> it.group(value));
  }

  public JobFixture priority(int value) {
    return with(it -> it.priority(value));
  }

  public JobFixture deadline(Instant instant) {
    return with(it -> it.deadline(instant));
  }

  public JobFixture policy(Policy given) {
    return with(it -> it.policy(given));
  }

  public JobFixture maxCrashes(int most) {
    Policy policy = spec().policy();
    return policy(
        new Policy(
            policy.maxAttempts(),
            policy.backoff(),
            policy.backoffCap(),
            policy.maxElapsed(),
            policy.timeout(),
            most));
  }

  public JobFixture label(String name, String value) {
    labels.put(name, value);
    return with(it -> it.labels(labels));
  }

  public JobFixture traceparent(String context) {
    return with(it -> it.traceparent(context));
  }

  public JobSpec spec() {
    return spec.build();
  }

  public Job waiting() {
    return Job.submit(id, spec(), null, true, now).job();
  }

  public Job scheduled(Duration delay) {
    return scheduled(now.plus(delay));
  }

  public Job scheduled(Instant runAt) {
    return Job.submit(id, spec(), runAt, false, now).job();
  }

  public Job queued() {
    return Job.submit(id, spec(), null, false, now).job();
  }

  public Job running() {
    return to(JobState.RUNNING).after();
  }

  public Job retrying() {
    return to(JobState.RETRYING).after();
  }

  public Job done() {
    return to(JobState.DONE).after();
  }

  public Job failed() {
    return to(JobState.FAILED).after();
  }

  public Job cancelled() {
    return to(JobState.CANCELLED).after();
  }

  public Job expired() {
    return to(JobState.EXPIRED).after();
  }

  /** The way of the QUEUED job into a later state. */
  public Transition to(JobState state) {
    Job queued = queued();
    Transition start = queued.start(now);
    return switch (state) {
      case RUNNING -> start;
      case RETRYING ->
          start.then(job -> job.fail(new Failure("no route to host", false), 0.5, now));
      case DONE -> start.then(job -> job.succeed("{\"answer\":42}", "it worked", now));
      case FAILED -> start.then(job -> job.fail(new Failure("no such customer", true), 0.5, now));
      case CANCELLED -> queued.cancel(now);
      case EXPIRED -> queued.expire(now);
      case WAITING, SCHEDULED, QUEUED, SKIPPED ->
          throw new IllegalArgumentException("a QUEUED job does not become " + state);
    };
  }

  /** The job in any state; a SCHEDULED one is due in a minute. */
  public Job in(JobState state) {
    return switch (state) {
      case WAITING -> waiting();
      case SCHEDULED -> scheduled(Duration.ofMinutes(1));
      case QUEUED -> queued();
      case SKIPPED -> waiting().skip("fetch failed", now).after();
      case RUNNING, RETRYING, DONE, FAILED, CANCELLED, EXPIRED -> to(state).after();
    };
  }
}
