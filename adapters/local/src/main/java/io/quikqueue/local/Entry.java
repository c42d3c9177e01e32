package io.quikqueue.local;

import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The latest attempt of a job, which is ready or leased. */
final class Entry {

  enum State {
    READY,
    LEASED
  }

  private static final long FIXED_WEIGHT = 512;

  final JobId id;
  int attempt;
  State state = State.READY;

  /** Null when it is leased, or a worker or a rescuer made it known. */
  @Nullable Job job;

  private String queue = "";
  private String type = "";
  private @Nullable String group;
  private int cost;
  private Instant updatedAt = Instant.EPOCH;

  /** The holder of the lease; null when nobody holds it. */
  @Nullable String worker;

  /** When the lease expires; monotonic nanoseconds. */
  long until;

  @Nullable EntryList list;
  @Nullable Entry previous;
  @Nullable Entry next;

  Entry(JobId id) {
    this.id = id;
  }

  /** The job of an entry that is or was ready. */
  Job job() {
    return Objects.requireNonNull(job);
  }

  /** Notes the job, which is ready. */
  void hold(Job ready) {
    job = ready;
    JobSpec spec = ready.spec();
    note(spec.queue(), spec.type(), spec.group(), spec.cost(), ready.updatedAt());
    attempt = ready.attempt();
  }

  /** Notes what is known of an attempt that was made known by somebody who has it. */
  void hold(Envelope running) {
    job = null;
    note(running.queue(), running.type(), running.group(), running.cost(), running.updatedAt());
    attempt = running.attempt().number();
  }

  private void note(
      String queue, String type, @Nullable String group, int cost, Instant updatedAt) {
    this.queue = queue;
    this.type = type;
    this.group = group;
    this.cost = cost;
    this.updatedAt = updatedAt;
  }

  String queue() {
    return queue;
  }

  String type() {
    return type;
  }

  /** Whose it is; null = nobody's. */
  @Nullable String group() {
    return group;
  }

  int cost() {
    return cost;
  }

  /** When the job was last changed as it became known. */
  Instant updatedAt() {
    return updatedAt;
  }

  boolean isLeasedToOthers(String asking) {
    String holder = worker;
    return state == State.LEASED && holder != null && !holder.equals(asking);
  }

  /** An upper estimate of the bytes that a job holds in memory. */
  static long weight(Job job) {
    return FIXED_WEIGHT + 2L * job.spec().payload().length();
  }
}
