package io.quikqueue.local;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Throttle;
import io.quikqueue.domain.port.ClosedDestinations;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of the ready jobs that is in memory, with what is known of their attempts. What does not
 * fit is left to the store: the worst of a queue that holds too many, the worst of the heaviest
 * queue when all together weigh too much. Not safe for use by several threads.
 */
final class ReadyBuffer {

  private static final int MANY_QUEUES = 1024;

  private final Attempts attempts;
  private final FillLine toFill = new FillLine();
  private final Throttle throttle = new Throttle(ClosedDestinations.MOST);
  private final BufferBounds bounds;
  private Set<String> types = Set.of();
  private long weight;

  /** By queue; the one served longest ago comes first. */
  private final LinkedHashMap<String, QueueBuffer> buffers = new LinkedHashMap<>();

  /**
   * @param maxJobs ready jobs per queue
   * @param maxWeight of all ready jobs
   */
  ReadyBuffer(int maxJobs, long maxWeight, Attempts attempts) {
    this.bounds = new BufferBounds(maxJobs, maxWeight, throttle);
    this.attempts = attempts;
  }

  /** Leaves jobs of other types than these in the store; empty = keeps all. */
  void keepOnly(Set<String> types) {
    this.types = Set.copyOf(types);
  }

  /** Leaves all ready jobs to the store, and reads all queues anew. */
  void readAnew(long now) {
    for (QueueBuffer buffer : buffers.values()) {
      for (Entry entry : buffer.entries()) {
        leftToStore(entry.id, entry.attempt, now);
      }
      buffer.readAnew();
      toFill.addIfWanted(buffer.backlog());
    }
  }

  private boolean keeps(Job job) {
    return types.isEmpty() || types.contains(job.spec().type());
  }

  Collection<QueueBuffer> all() {
    return buffers.values();
  }

  QueueBuffer of(String queue) {
    QueueBuffer buffer = buffers.get(queue);
    if (buffer == null) {
      if (buffers.size() >= MANY_QUEUES) {
        buffers.values().removeIf(idle -> idle.jobs() == 0 && !idle.behind());
      }
      buffer = new QueueBuffer(queue);
      buffers.put(queue, buffer);
    }
    return buffer;
  }

  /** Adds a job as {@link io.quikqueue.domain.port.ReadyQueue#push} says. */
  void push(Job job, QueueBuffer buffer, long now) {
    if (attempts.latest(job.id()) >= job.attempt()) {
      return;
    }
    if (!keeps(job)) {
      return; // nobody here can run it
    }
    Backlog backlog = buffer.backlogOf(job.spec().group());
    if (backlog.beyond(job)) {
      backlog.leave(job);
      leftToStore(job.id(), job.attempt(), now);
    } else {
      add(job, buffer, now);
    }
    toFill.addIfWanted(backlog);
    toFill.addIfWanted(buffer.backlogOf(job.spec().group()));
  }

  /** Adds a page that was read from the store, as far as there is room. */
  void fill(Backlog.Read read, List<Job> page, long now) {
    Backlog backlog = read.of();
    if (backlog.dropped()) {
      return;
    }
    Job last = read.after();
    boolean full = false;
    long characters = 0;
    for (Job job : page) {
      characters += job.spec().payload().length();
      if (!full) {
        full = !place(job, backlog, now);
        last = full ? last : job;
      }
    }
    backlog.pageWeighed(page.size(), characters);
    if (backlog.endRead(last, page.size() < read.limit() && !full, full)) {
      toFill.addOn(backlog);
    } else if (!backlog.behind()) {
      backlog.buffer.caughtUp(backlog);
    } else if (backlog.starves()) {
      backlog.buffer.starved(backlog);
    }
  }

  /** Adds a job that a backlog had; whether that backlog has it no more. */
  private boolean place(Job job, Backlog from, long now) {
    if (attempts.latest(job.id()) >= job.attempt() || !keeps(job)) {
      return true;
    }
    QueueBuffer buffer = from.buffer;
    String group = job.spec().group();
    Backlog holder = buffer.backlogOf(group);
    if (holder != from && holder.beyond(job)) {
      return true; // it waits in the backlog of its group
    }
    return add(job, buffer, now) || buffer.backlogOf(group) != from;
  }

  private boolean add(Job job, QueueBuffer buffer, long now) {
    Entry entry = entryOf(job.id());
    entry.hold(job);
    buffer.addLast(entry, throttle.table());
    weight += Entry.weight(job);
    trimGroup(buffer, job.spec().group(), now);
    trim(buffer, now);
    return entry.state == Entry.State.READY && entry.list != null;
  }

  /** Renews or grants a lease; false = the worker has lost the attempt. */
  boolean extend(Envelope running, String worker, long until) {
    AttemptId attempt = running.attempt();
    if (attempts.latestFinished(attempt.job()) >= attempt.number()) {
      return false;
    }
    Entry entry = attempts.find(attempt.job());
    if (entry == null || entry.attempt < attempt.number()) {
      leaseUnknown(running, worker, until);
      return true;
    }
    if (entry.attempt > attempt.number() || entry.isLeasedToOthers(worker)) {
      return false;
    }
    if (entry.state == Entry.State.LEASED) {
      attempts.unlist(entry);
      attempts.lease(entry, worker, until); // it counts already
    } else {
      lease(entry, worker, until);
    }
    return true;
  }

  /** Notes an attempt as leased by nobody, unless it is known. */
  void assumeLeased(Envelope running, long until) {
    AttemptId attempt = running.attempt();
    if (attempts.latest(attempt.job()) < attempt.number()) {
      leaseUnknown(running, null, until);
    }
  }

  void ack(AttemptId attempt, long now) {
    JobId id = attempt.job();
    if (attempts.latest(id) <= attempt.number()) {
      Entry entry = attempts.find(id);
      drop(id);
      attempts.finish(id, attempt.number(), now);
      if (entry != null) {
        drained(entry);
      }
    }
  }

  void release(Job job, String worker) {
    Entry entry = attempts.find(job.id());
    if (entry != null
        && entry.attempt == job.attempt()
        && entry.state == Entry.State.LEASED
        && (entry.worker == null || worker.equals(entry.worker))) {
      unlink(entry);
      entry.hold(job);
      of(job.spec().queue()).addFirst(entry, throttle.table());
      weight += Entry.weight(job); // over the bound, if need be, by what was leased
    }
  }

  /** The backlogs that are to be filled up. */
  FillLine toFill() {
    return toFill;
  }

  /** What to read next of a backlog, no more than its group has room for. */
  Backlog.Read beginRead(Backlog backlog) {
    String group = backlog.group;
    QueueBuffer buffer = backlog.buffer;
    return backlog.beginRead(
        types, group == null ? Integer.MAX_VALUE : bounds.roomOf(buffer, group));
  }

  /**
   * Fills up what a queue has in the store. Groups that had to make room for others, to the last
   * job, come when there is room again.
   */
  void fillIfWanted(QueueBuffer buffer) {
    toFill.addIfWanted(buffer.backlog());
    if (bounds.hasRoom(buffer, weight)) {
      for (Backlog backlog : buffer.starving()) {
        toFill.addIfWanted(backlog);
      }
    }
  }

  /** The queue goes to the end: it has been served. */
  void served(QueueBuffer buffer) {
    buffers.putLast(buffer.queue, buffer);
  }

  /** Leases a job that is here, under its limits; returns it, and keeps nothing heavy of it. */
  Job take(Entry entry, String worker, long until, long now) {
    Job job = entry.job();
    of(entry.queue()).served(entry, throttle.table());
    unlink(entry);
    entry.job = null;
    attempts.lease(entry, worker, until);
    throttle.started(entry.queue(), entry.type(), entry.group(), entry.cost(), now);
    drained(entry);
    return job;
  }

  private void lease(Entry entry, @Nullable String worker, long until) {
    unlink(entry);
    entry.job = null;
    attempts.lease(entry, worker, until);
    throttle.counted(entry.queue(), entry.type(), entry.group());
    drained(entry);
  }

  /** A job went out of the window of its group: there may be room for another. */
  private void drained(Entry entry) {
    QueueBuffer buffer = buffers.get(entry.queue());
    if (entry.group() != null && buffer != null) {
      toFill.addIfWanted(buffer.backlogOf(entry.group()));
    }
  }

  private void leaseUnknown(Envelope running, @Nullable String worker, long until) {
    Entry entry = entryOf(running.attempt().job());
    entry.hold(running);
    attempts.lease(entry, worker, until);
    throttle.counted(entry.queue(), entry.type(), entry.group());
  }

  /** The entry of a job, a new one if need be, which is in no list now. */
  private Entry entryOf(JobId id) {
    Entry entry = attempts.find(id);
    if (entry == null) {
      return attempts.enter(id);
    }
    unlink(entry);
    return entry;
  }

  /** Notes that an attempt waits in the store: those before it are still over. */
  private void leftToStore(JobId id, int attempt, long now) {
    boolean known = attempts.find(id) != null;
    drop(id);
    if (known && attempt > 1) {
      attempts.finish(id, attempt - 1, now);
    }
  }

  private void drop(JobId id) {
    Entry entry = attempts.find(id);
    if (entry != null) {
      unlink(entry);
      attempts.forget(entry);
    }
  }

  private void unlink(Entry entry) {
    if (entry.list != null && entry.state == Entry.State.READY) {
      of(entry.queue()).remove(entry, throttle.table());
      weight -= Entry.weight(entry.job());
    } else if (attempts.unlist(entry)) {
      ended(entry);
    }
  }

  /** Lets others start in the place of one that was leased. */
  private void ended(Entry entry) {
    if (throttle.isOpen() || !throttle.ended(entry.queue(), entry.type(), entry.group())) {
      return;
    }
    QueueBuffer buffer = buffers.get(entry.queue());
    if (buffer != null) {
      buffer.reopen(entry.group(), throttle.table());
    }
  }

  /** Puts limits in force, unless later ones are. */
  void limit(LimitTable limits, long now) {
    if (limits.version() <= throttle.table().version()) {
      return;
    }
    throttle.apply(limits, now);
    attempts.eachLeased(entry -> throttle.counted(entry.queue(), entry.type(), entry.group()));
    buffers.values().forEach(buffer -> buffer.reopenAll(limits));
    buffers.values().forEach(buffer -> trimGroups(buffer, now));
  }

  /** What limits allow now. */
  Throttle throttle() {
    return throttle;
  }

  /** Leaves to the store what the groups of a queue have beyond their windows. */
  private void trimGroups(QueueBuffer buffer, long now) {
    if (bounds.hasWindows(buffer.queue)) {
      List.copyOf(buffer.lines()).forEach(line -> trimGroup(buffer, line.group, now));
    }
    fillIfWanted(buffer);
  }

  private void trimGroup(QueueBuffer buffer, @Nullable String group, long now) {
    Entry surplus = bounds.surplusOf(buffer, group);
    while (surplus != null) {
      evict(buffer, surplus, now);
      surplus = bounds.surplusOf(buffer, group);
    }
  }

  private void trim(QueueBuffer buffer, long now) {
    Entry surplus = bounds.surplusOf(buffer);
    while (surplus != null) {
      evict(buffer, surplus, now);
      surplus = bounds.surplusOf(buffer);
    }
    surplus = bounds.surplusOf(buffers.values(), weight);
    while (surplus != null) {
      evict(of(surplus.queue()), surplus, now);
      surplus = bounds.surplusOf(buffers.values(), weight);
    }
  }

  private void evict(QueueBuffer buffer, Entry entry, long now) {
    String group = entry.group();
    Backlog backlog =
        group != null && bounds.hasWindow(buffer.queue, group)
            ? buffer.ownBacklog(group)
            : buffer.backlogOf(group);
    backlog.leave(entry.job());
    leftToStore(entry.id, entry.attempt, now);
    if (backlog.starves()) {
      buffer.starved(backlog);
    }
  }
}
