package io.quikqueue.contracts;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes a job and brings it to a state by the verbs that lead there, all at one instant. */
public final class JobBuilder {

  private JobId id;
  private Instant now;
  private String type = "echo";
  private String queue = JobSpec.DEFAULT_QUEUE;
  private String payload = "{\"text\":\"hello\"}";
  private int priority = JobSpec.DEFAULT_PRIORITY;
  private @Nullable Instant deadline;
  private Policy policy = Policy.DEFAULT;
  private final Map<String, String> labels = new LinkedHashMap<>();
  private @Nullable String traceparent;

  JobBuilder(JobId id, Instant now) {
    this.id = id;
    this.now = now;
  }

  public JobBuilder id(JobId given) {
    id = given;
    return this;
  }

  /** When everything happens to this job. */
  public JobBuilder at(Instant instant) {
    now = instant;
    return this;
  }

  public JobBuilder type(String name) {
    type = name;
    return this;
  }

  public JobBuilder queue(String name) {
    queue = name;
    return this;
  }

  /**
   * @param json JSON text
   */
  public JobBuilder payload(String json) {
    payload = json;
    return this;
  }

  public JobBuilder priority(int value) {
    priority = value;
    return this;
  }

  public JobBuilder deadline(Instant instant) {
    deadline = instant;
    return this;
  }

  public JobBuilder policy(Policy given) {
    policy = given;
    return this;
  }

  public JobBuilder maxCrashes(int most) {
    return policy(
        new Policy(
            policy.maxAttempts(),
            policy.backoff(),
            policy.backoffCap(),
            policy.maxElapsed(),
            policy.timeout(),
            most));
  }

  public JobBuilder label(String name, String value) {
    labels.put(name, value);
    return this;
  }

  public JobBuilder traceparent(String context) {
    traceparent = context;
    return this;
  }

  public JobSpec spec() {
    return new JobSpec(type, queue, payload, priority, deadline, policy, labels, traceparent);
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
    return queued().start(now).job();
  }

  public Job retrying() {
    return running().fail(new Failure("no route to host", false), 0.5, now).job();
  }

  public Job done() {
    return running().succeed("{\"answer\":42}", "it worked", now).job();
  }

  public Job failed() {
    return running().fail(new Failure("no such customer", true), 0.5, now).job();
  }

  public Job cancelled() {
    return queued().cancel(now).job();
  }

  public Job expired() {
    return queued().expire(now).job();
  }

  /** The job in any state; a SCHEDULED one is due in a minute. */
  public Job in(JobState state) {
    return switch (state) {
      case WAITING -> waiting();
      case SCHEDULED -> scheduled(Duration.ofMinutes(1));
      case QUEUED -> queued();
      case RUNNING -> running();
      case RETRYING -> retrying();
      case DONE -> done();
      case FAILED -> failed();
      case CANCELLED -> cancelled();
      case EXPIRED -> expired();
    };
  }
}
