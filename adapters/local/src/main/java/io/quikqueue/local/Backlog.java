package io.quikqueue.local;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ready jobs of a queue, or of one group in it, that wait in the store, and how far the store
 * has been read. While it is behind, every QUEUED job up to its horizon (by priority, then id) is
 * or was in memory, and those beyond it wait in the store.
 */
final class Backlog {

  private static final int FIRST_PAGE = 32;
  private static final int LARGEST_PAGE = 200;
  private static final int SMALLEST_PAGE = 4;
  private static final long PAGE_WEIGHT = 4L << 20;

  final QueueBuffer buffer;

  /** Null = of the queue, but for the groups that have a backlog of their own. */
  final @Nullable String group;

  private boolean behind;
  private boolean filling;
  private boolean reading;
  private boolean readAgain;
  private boolean dropped;
  private @Nullable Job horizon;
  private @Nullable Job missed;
  private int lowWater;

  /** How many jobs the queue had when there was no room for more; else the maximum. */
  private int jobsWhenFull = Integer.MAX_VALUE;

  private int page = FIRST_PAGE;

  Backlog(QueueBuffer buffer, @Nullable String group) {
    this.buffer = buffer;
    this.group = group;
  }

  boolean behind() {
    return behind;
  }

  /** Of no use any more: whatever it had is read anew otherwise. */
  void drop() {
    dropped = true;
  }

  boolean dropped() {
    return dropped;
  }

  /** How many of its jobs are in memory, without those of other groups that limits hold back. */
  private int jobs() {
    String of = group;
    return of == null ? buffer.jobs() - buffer.heldBack() : buffer.jobsOf(of);
  }

  /** Begins where another has come to: what that one has not read is read by this one. */
  void beginAt(Backlog other) {
    if (other.behind) {
      behind = true;
      horizon = other.horizon;
      lowWater = jobs() / 4;
    }
  }

  /** The store has jobs of which nothing is known here. */
  void behindFromTheStart() {
    behind = true;
    horizon = null;
    lowWater = jobs() / 4;
    jobsWhenFull = Integer.MAX_VALUE;
  }

  /** All ready jobs are in the store alone; a read under way may not know of some. */
  void readAnew() {
    behindFromTheStart();
    readAgain = reading;
  }

  /** Whether jobs that wait in the store come before this one. */
  boolean beyond(Job job) {
    Job reached = horizon;
    return behind && (reached == null || compare(job, reached) > 0);
  }

  /** Notes that a QUEUED job is not here, or not any more, and must be read from the store. */
  void leave(Job job) {
    if (!behind) {
      behind = true;
      horizon = justBefore(job);
      lowWater = jobs() / 4;
    } else if (horizon != null && compare(job, horizon) <= 0) {
      horizon = justBefore(job);
    }
    Job least = missed;
    if (reading && (least == null || compare(job, least) < 0)) {
      missed = job;
    }
  }

  /** Whether it is time to fill up from the store and nobody does so yet. */
  boolean wantsFilling() {
    return behind
        && !filling
        && !dropped
        && jobs() <= lowWater
        && (group != null || buffer.jobs() < jobsWhenFull);
  }

  /** Whether nothing of it is in memory and nobody fills up, so that no take would ask for more. */
  boolean starves() {
    return behind && !filling && !dropped && jobs() == 0;
  }

  void beginFilling() {
    filling = true;
  }

  /**
   * What to read next; {@link #endRead} or {@link #failRead} must follow.
   *
   * @param room for how many jobs
   */
  Read beginRead(Set<String> types, int room) {
    reading = true;
    missed = null;
    Set<String> except = group == null ? buffer.someBehind() : Set.of();
    return new Read(this, types, except, horizon, Math.clamp(room, 1, page));
  }

  void failRead() {
    reading = false;
    readAgain = false; // the next read begins where this one should have
    missed = null;
  }

  /**
   * Notes how far the store was read.
   *
   * @param last the last job that is here now; null = none, and none was before
   * @param end whether the store had no more
   * @param full whether there is no room for more
   * @return whether filling goes on
   */
  boolean endRead(@Nullable Job last, boolean end, boolean full) {
    Job least = missed;
    reading = false;
    missed = null;
    if (readAgain) {
      readAgain = false;
      horizon = null;
    } else if (end && least == null) {
      behind = false;
      filling = false;
      horizon = null;
    } else if (last != null) {
      horizon =
          least != null && compare(least, last) <= 0 ? justBefore(least) : copy(last, last.id());
    }
    jobsWhenFull = full ? buffer.jobs() : Integer.MAX_VALUE;
    if (full) {
      filling = false;
      lowWater = jobs() / 4;
    }
    return filling;
  }

  /** Fits the size of the next page to the weight of the last one. */
  void pageWeighed(int rows, long pageWeight) {
    if (rows > 0) {
      long fitting = PAGE_WEIGHT / Math.max(1, pageWeight / rows);
      page = (int) Math.clamp(fitting, SMALLEST_PAGE, LARGEST_PAGE);
    }
  }

  /**
   * A page of the store to read.
   *
   * @param types the types of job to read; empty = all
   * @param except groups to be passed over
   */
  record Read(Backlog of, Set<String> types, Set<String> except, @Nullable Job after, int limit) {}

  /** The order of {@link io.quikqueue.domain.port.ActiveJobs#backlog}. */
  private static int compare(Job a, Job b) {
    int byPriority = Integer.compare(a.spec().priority(), b.spec().priority());
    return byPriority != 0 ? byPriority : a.id().compareTo(b.id());
  }

  private static Job justBefore(Job job) {
    UUID id = job.id().value();
    long low = id.getLeastSignificantBits() - 1;
    long high = id.getMostSignificantBits() - (low == -1L ? 1 : 0);
    return copy(job, new JobId(new UUID(high, low)));
  }

  /** A place in the order, without what makes a job heavy. */
  private static Job copy(Job job, JobId id) {
    JobSpec spec = job.spec().toBuilder().payload("").deadline(null).labels(Map.of()).build();
    return job.toBuilder().id(id).spec(spec).deadlineLifted(false).note(null).error(null).build();
  }
}
