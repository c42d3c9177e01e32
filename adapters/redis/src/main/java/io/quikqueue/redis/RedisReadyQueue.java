package io.quikqueue.redis;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.DispatchTarget;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.GroupWindows;
import io.quikqueue.domain.port.LimitUsage;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.ReadyPlaces;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ready queue in Redis. Each method is one script call, by Redis's clock. An attempt that is
 * leased and was not pushed, as happens after a wipe, has its envelope in place of a body. Connects
 * when first used and again after every loss. Safe for use by many threads.
 *
 * <p>Interrupting a virtual thread closes its socket, so interrupt {@link #take} on platform
 * threads only; what the broken call leased would have to wait for its lease to expire.
 */
public final class RedisReadyQueue
    implements ReadyQueue,
        ReadyQueueRebuild,
        ReadyPlaces,
        DispatchTarget,
        LimitUsage,
        ClosedDestinations,
        AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RedisReadyQueue.class);
  private static final Duration MEMORY = Duration.ofMinutes(1);

  /** A taker looks again this often, in case a wake-up was lost. */
  private static final Duration RECHECK = Duration.ofSeconds(1);

  private static final int MAX_BATCH = 1000;
  private static final long LOST = 1;
  private static final byte[] NONE = {};
  private static final long LIMITS_FIRST = -2;

  private final FieldCipher cipher;
  private final Redis redis;
  private final Wakeups wakeups;
  private final Duration remembered;
  private final LeasedBodies bodies;
  private final RedisGroupWindows windows;
  private volatile Memory memory = Memory.UNKNOWN;

  public RedisReadyQueue(RedisConfig config) {
    this(config, MEMORY, FieldCipher.NONE);
  }

  /**
   * @param cipher encrypts the payloads
   */
  public RedisReadyQueue(RedisConfig config, FieldCipher cipher) {
    this(config, MEMORY, cipher);
  }

  /**
   * @param remembered for how long finished attempts are
   */
  RedisReadyQueue(RedisConfig config, Duration remembered, FieldCipher cipher) {
    this.cipher = cipher;
    this.redis = new Redis(config);
    this.wakeups = new Wakeups(redis);
    this.remembered = remembered;
    this.bodies = new LeasedBodies(this::discard, cipher);
    this.windows = new RedisGroupWindows(redis, remembered, System::nanoTime);
  }

  @Override
  public Map<String, Long> push(List<Job> jobs) {
    requireBatch(jobs);
    if (jobs.isEmpty()) {
      return Map.of();
    }
    Arguments arguments = arguments(8 * jobs.size());
    for (Job job : jobs) {
      arguments.add(Envelope.of(job)).add(JobBody.write(job, cipher)).add(job.spec().cost());
      arguments.add(NONE).add(NONE);
    }
    return depths(redis.run(Script.PUSH, arguments.list()));
  }

  @Override
  public Map<String, Long> dispatch(List<StreamRecord> batch, Set<AttemptId> parked) {
    requireBatch(batch);
    if (batch.isEmpty()) {
      return Map.of();
    }
    Arguments arguments = arguments(8 * batch.size());
    for (StreamRecord record : batch) {
      boolean isParked = parked.contains(record.envelope().attempt());
      arguments.add(record.envelope()).add(isParked ? NONE : record.body());
      arguments.add(record.envelope().cost());
      arguments.add(record.position().partition()).add(record.position().offset());
    }
    return depths(redis.run(Script.PUSH, arguments.list()));
  }

  @Override
  public List<Job> take(TakeRequest request) throws InterruptedException {
    requireLimit(request.limit());
    long end = System.nanoTime() + request.patience().toNanos();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (!request.patience().isPositive()) {
      return takeNow(request).jobs();
    }
    try (Wakeups.Waiter waiter = wakeups.waiter(request.queues(), request.types())) {
      while (true) {
        Taken taken = takeNow(request);
        long left = end - System.nanoTime();
        if (!taken.jobs().isEmpty() || left <= 0) {
          return taken.jobs();
        }
        waiter.await(Duration.ofNanos(Math.min(left, taken.lookAgainIn().toNanos())));
      }
    }
  }

  /**
   * What a script call gave.
   *
   * @param lookAgainIn when to call again if that is nothing, unless it is woken before
   */
  private record Taken(List<Job> jobs, Duration lookAgainIn) {}

  private Taken takeNow(TakeRequest request) {
    Replies.Taken reply = tryTake(request);
    if (reply.lookAgainIn() == LIMITS_FIRST) {
      redis.run(Script.LIMIT, LimitArguments.of(request.limits(), arguments(0)));
      reply = tryTake(request);
    }
    Duration wait = reply.lookAgainIn() < 0 ? RECHECK : Duration.ofMillis(reply.lookAgainIn());
    return new Taken(
        bodies.jobs(request.worker(), reply.bodies()),
        wait.compareTo(RECHECK) < 0 ? wait : RECHECK);
  }

  private Replies.Taken tryTake(TakeRequest request) {
    QueueRoom room = request.room();
    Set<String> partlyFull = room.held().keySet();
    Arguments arguments =
        arguments(8 + 2 * request.queues().size() + 2 * partlyFull.size() + request.types().size());
    arguments.add(request.worker()).add(request.lease()).add(request.limit()).add(room.most());
    arguments.add(request.limits().version()).add(request.turns().size());
    if (request.turns().isEmpty()) {
      arguments.add(request.queues().size());
      request.queues().forEach(arguments::add);
    } else {
      arguments.add(request.turns().size());
      request.turns().forEach(turn -> arguments.add(turn.queue()));
      request.turns().forEach(turn -> arguments.add(turn.weight()));
    }
    arguments.add(partlyFull.size());
    partlyFull.forEach(queue -> arguments.add(queue).add(room.of(queue)));
    request.types().forEach(arguments::add);
    return Replies.taken(redis.run(Script.TAKE, arguments.list()), request.limit());
  }

  @Override
  public Set<AttemptId> extend(String worker, Collection<Envelope> running, Duration lease) {
    requireBatch(running);
    if (running.isEmpty()) {
      return Set.of();
    }
    Arguments arguments = arguments(2 + 5 * running.size()).add(worker).add(lease);
    running.forEach(envelope -> arguments.add(envelope).add(envelope.bytes()));
    Iterator<Long> outcomes =
        Replies.numbers(redis.run(Script.EXTEND, arguments.list()), running.size()).iterator();
    Set<AttemptId> lost = new HashSet<>();
    for (Envelope envelope : running) {
      if (outcomes.next() == LOST) {
        lost.add(envelope.attempt());
      }
    }
    return lost;
  }

  @Override
  public void ack(Collection<AttemptId> finished) {
    for (List<AttemptId> batch : batches(finished)) {
      redis.run(Script.ACK, arguments(2 * batch.size()).addAll(batch).list());
    }
  }

  @Override
  public void release(String worker, Collection<Job> unfinished) {
    requireBatch(unfinished);
    if (unfinished.isEmpty()) {
      return;
    }
    Arguments arguments = arguments(1 + 3 * unfinished.size()).add(worker);
    unfinished.forEach(job -> arguments.add(job.attemptId()).add(JobBody.write(job, cipher)));
    redis.run(Script.RELEASE, arguments.list());
  }

  @Override
  public List<ExpiredLease> reclaimExpired(String rescuer, int limit, Duration lease) {
    requireLimit(limit);
    Arguments arguments = arguments(3).add(rescuer).add(lease).add(limit);
    return bodies.expired(
        rescuer, Replies.leases(redis.run(Script.RECLAIM_EXPIRED, arguments.list()), limit));
  }

  @Override
  public Map<String, Long> depth() {
    return depths(redis.run(Script.DEPTH, arguments(0).list()));
  }

  @Override
  public Uses of(JobSpec spec) {
    String group = spec.group();
    Arguments arguments =
        arguments(4)
            .add(spec.queue())
            .add(spec.type())
            .add(group == null ? "" : Arguments.encoded(group))
            .add(spec.cost());
    return Replies.uses(redis.run(Script.USAGE, arguments.list()));
  }

  @Override
  public void close(Destination destination, Duration wait) {
    redis.run(Script.CLOSE, arguments(2).add(DestinationNames.of(destination)).add(wait).list());
  }

  @Override
  public Map<Destination, Duration> closed() {
    return Replies.closed(redis.run(Script.CLOSED, arguments(0).list()));
  }

  @Override
  public boolean blank() {
    boolean blank = !redis.call(client -> client.exists(redis.key("epoch")));
    if (blank) {
      redis.dropFirstLayout();
    }
    return blank;
  }

  @Override
  public void markRebuilt(Duration unheard) {
    redis.run(Script.MARK_REBUILT, arguments(1).add(unheard).list());
  }

  @Override
  public Set<AttemptId> unknown(Collection<AttemptId> attempts) {
    Set<AttemptId> unknown = new HashSet<>();
    for (List<AttemptId> batch : batches(attempts)) {
      Arguments arguments = arguments(2 * batch.size()).addAll(batch);
      List<Long> outcomes =
          Replies.numbers(redis.run(Script.UNKNOWN, arguments.list()), batch.size());
      for (int i = 0; i < batch.size(); i++) {
        if (outcomes.get(i) == 1) {
          unknown.add(batch.get(i));
        }
      }
    }
    return unknown;
  }

  @Override
  public OptionalLong before(AttemptId attempt) {
    Object reply = redis.run(Script.PLACE, arguments(2).add(attempt).list());
    long before = Replies.numbers(reply, 1).getFirst();
    return before < 0 ? OptionalLong.empty() : OptionalLong.of(before);
  }

  @Override
  public void assumeLeased(List<Envelope> running, Duration lease) {
    requireBatch(running);
    if (running.isEmpty()) {
      return;
    }
    Arguments arguments = arguments(1 + 5 * running.size()).add(lease);
    running.forEach(envelope -> arguments.add(envelope).add(envelope.bytes()));
    redis.run(Script.ASSUME_LEASED, arguments.list());
  }

  /**
   * Makes sure that Redis is there, and fit to hold the ready queue.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when it does not answer, has no memory
   *     left, or may evict jobs
   */
  public void ping() {
    depth();
    Memory now = memory;
    if (now.evicts()) {
      throw Redis.unavailable(
          "Redis may evict jobs: its maxmemory-policy is "
              + now.policy()
              + " and must be noeviction");
    }
    if (now.full()) {
      throw Redis.unavailable(Redis.FULL);
    }
  }

  /** Wakes takers that wait, and closes all connections. Calls after this one fail. */
  @Override
  public void close() {
    wakeups.close();
    redis.close();
  }

  private static void requireLimit(int limit) {
    if (limit < 1 || limit > MAX_BATCH) {
      throw new IllegalArgumentException("limit must be from 1 to " + MAX_BATCH + ", not " + limit);
    }
  }

  private static void requireBatch(Collection<?> batch) {
    if (batch.size() > MAX_BATCH) {
      throw new IllegalArgumentException("at most " + MAX_BATCH + " at once, not " + batch.size());
    }
  }

  /** Pieces that keep a script short. */
  private static List<List<AttemptId>> batches(Collection<AttemptId> attempts) {
    List<AttemptId> all = List.copyOf(attempts);
    List<List<AttemptId>> batches = new ArrayList<>();
    for (int from = 0; from < all.size(); from += MAX_BATCH) {
      batches.add(all.subList(from, Math.min(all.size(), from + MAX_BATCH)));
    }
    return batches;
  }

  /** The windows of its groups. */
  public GroupWindows windows() {
    return windows;
  }

  private Arguments arguments(int more) {
    return new Arguments(1 + more).add(remembered);
  }

  private void discard(String holder, List<byte[]> ids) {
    Arguments arguments = arguments(1 + ids.size()).add(holder);
    ids.forEach(arguments::add);
    redis.run(Script.DISCARD, arguments.list());
  }

  private Map<String, Long> depths(Object reply) {
    Replies.Depths depths = Replies.depths(reply);
    note(depths.memory());
    return depths.ofQueues();
  }

  private void note(Memory now) {
    boolean evicted = memory.evicts();
    memory = now;
    if (now.evicts() && !evicted) {
      log.error("event=redis_may_evict maxmemory_policy={} needed=noeviction", now.policy());
    }
  }
}
