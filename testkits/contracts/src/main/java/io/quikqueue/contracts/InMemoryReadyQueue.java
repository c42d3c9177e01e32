package io.quikqueue.contracts;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Throttle;
import io.quikqueue.domain.limit.Turns;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.DispatchTarget;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.LimitUsage;
import io.quikqueue.domain.port.QueueTurn;
import io.quikqueue.domain.port.ReadyPlaces;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A ready queue under one lock, for tests of use cases. Leases and memory age by the clock it is
 * given; only the wait of {@link #take} is real time.
 */
public final class InMemoryReadyQueue
    implements ReadyQueue,
        ReadyQueueRebuild,
        ReadyPlaces,
        DispatchTarget,
        LimitUsage,
        ClosedDestinations {

  private static final Duration MEMORY = Duration.ofMinutes(1);

  /** Since the time at which a limit lets a job start may come without anybody's doing. */
  private static final long LOOK_AGAIN = Duration.ofMillis(20).toNanos();

  private final InstantSource clock;
  private final Duration memory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition becameReady = lock.newCondition();
  private final Map<JobId, Known> jobs = new LinkedHashMap<>();
  private final Map<String, Long> offsets = new HashMap<>();

  /** The queue to serve next stands first. */
  private final Map<String, NavigableSet<Ready>> queues = new LinkedHashMap<>();

  /** The groups of each queue that has groups, with their places. */
  private final Map<String, Map<String, Long>> places = new HashMap<>();

  private final Map<String, Turns> turns = new HashMap<>();
  private Throttle throttle = new Throttle(MOST);
  private long last;
  private boolean rebuilt;

  public InMemoryReadyQueue(InstantSource clock) {
    this(clock, MEMORY);
  }

  /**
   * @param memory how long a finished attempt is remembered; less than a minute breaks the contract
   */
  public InMemoryReadyQueue(InstantSource clock, Duration memory) {
    this.clock = clock;
    this.memory = memory;
  }

  private sealed interface Known {
    int attempt();
  }

  /**
   * @param rank arrival; negative for released jobs
   */
  private record Ready(Job job, long rank) implements Known {

    static final Comparator<Ready> ORDER =
        Comparator.<Ready>comparingInt(ready -> ready.job().spec().priority())
            .thenComparingLong(Ready::rank);

    @Override
    public int attempt() {
      return job.attempt();
    }
  }

  /**
   * @param worker null = nobody, yet
   */
  private record Leased(Envelope envelope, @Nullable String worker, Instant until)
      implements Known {
    @Override
    public int attempt() {
      return envelope.attempt().number();
    }
  }

  private record Finished(int attempt, Instant at) implements Known {}

  @Override
  public Map<String, Long> push(List<Job> batch) {
    lock.lock();
    try {
      Set<String> named = new HashSet<>();
      for (Job job : batch) {
        named.add(job.spec().queue());
        push(job);
      }
      return depthOf(named);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<String, Long> dispatch(List<StreamRecord> batch, Set<AttemptId> parked) {
    lock.lock();
    try {
      Set<String> named = new HashSet<>();
      for (StreamRecord record : batch) {
        named.add(record.envelope().queue());
        if (advances(record.position())) {
          AttemptId attempt = record.envelope().attempt();
          if (!parked.contains(attempt)) {
            push(StreamRecords.job(record));
          } else if (newer(attempt)) {
            replaceEarlier(attempt);
          }
        }
      }
      return depthOf(named);
    } finally {
      lock.unlock();
    }
  }

  private void push(Job job) {
    line(job);
    if (newer(job.attemptId())) {
      replace(job.id(), new Ready(job, ++last));
    }
  }

  /** What was known of the job is over; of this attempt nothing is known. */
  private void replaceEarlier(AttemptId parked) {
    if (jobs.containsKey(parked.job())) {
      replace(parked.job(), new Finished(parked.number() - 1, clock.instant()));
    }
  }

  private Map<String, Long> depthOf(Set<String> named) {
    Map<String, Long> depth = depth();
    depth.keySet().retainAll(named);
    return depth;
  }

  @Override
  public List<Job> take(TakeRequest request) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      limit(request.limits());
      long nanos = request.patience().toNanos();
      List<Job> taken = takeReady(request);
      while (taken.isEmpty() && nanos > 0) {
        long wait = Math.min(nanos, LOOK_AGAIN);
        nanos -= wait - becameReady.awaitNanos(wait);
        taken = takeReady(request);
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<AttemptId> extend(String worker, Collection<Envelope> running, Duration lease) {
    lock.lock();
    try {
      Set<AttemptId> lost = new HashSet<>();
      for (Envelope envelope : running) {
        AttemptId attempt = envelope.attempt();
        if (newer(attempt) || mayLease(worker, attempt)) {
          replace(
              attempt.job(), new Leased(asItCame(envelope), worker, clock.instant().plus(lease)));
        } else {
          lost.add(attempt);
        }
      }
      return lost;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ack(Collection<AttemptId> finished) {
    lock.lock();
    try {
      for (AttemptId attempt : finished) {
        if (attempt.number() >= knownAttempt(attempt.job())) {
          replace(attempt.job(), new Finished(attempt.number(), clock.instant()));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release(String worker, Collection<Job> unfinished) {
    lock.lock();
    try {
      for (Job job : unfinished) {
        AttemptId attempt = job.attemptId();
        if (jobs.get(attempt.job()) instanceof Leased && mayLease(worker, attempt)) {
          replace(attempt.job(), new Ready(job, -(++last)));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<ExpiredLease> reclaimExpired(String rescuer, int limit, Duration lease) {
    lock.lock();
    try {
      Instant now = clock.instant();
      List<Leased> expired =
          jobs.values().stream()
              .filter(Leased.class::isInstance)
              .map(Leased.class::cast)
              .filter(leased -> !leased.until().isAfter(now))
              .sorted(Comparator.comparing(Leased::until))
              .limit(limit)
              .toList();
      for (Leased leased : expired) {
        Envelope envelope = leased.envelope();
        replace(envelope.attempt().job(), new Leased(envelope, rescuer, now.plus(lease)));
      }
      return expired.stream().map(InMemoryReadyQueue::expired).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<String, Long> depth() {
    lock.lock();
    try {
      Map<String, Long> depth = new HashMap<>();
      queues.forEach((name, ready) -> depth.put(name, (long) ready.size()));
      return depth;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Uses of(JobSpec spec) {
    lock.lock();
    try {
      return new Uses(
          throttle.useOfQueue(spec.queue(), spec.cost(), nanos()),
          throttle.useOfType(spec.type(), spec.cost(), nanos()),
          throttle.useOfGroup(spec.queue(), spec.group(), spec.cost(), nanos()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close(Destination destination, Duration wait) {
    lock.lock();
    try {
      throttle.closings().close(destination, nanos() + wait.toNanos(), nanos());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<Destination, Duration> closed() {
    lock.lock();
    try {
      Map<Destination, Duration> closed = new HashMap<>();
      throttle
          .closings()
          .all(nanos())
          .forEach((destination, left) -> closed.put(destination, Duration.ofNanos(left)));
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean blank() {
    lock.lock();
    try {
      return !rebuilt;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void markRebuilt(Duration unheard) {
    lock.lock();
    try {
      rebuilt = true;
      if (unheard.isPositive()) {
        throttle.distrustUntil(nanos() + unheard.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<AttemptId> unknown(Collection<AttemptId> attempts) {
    lock.lock();
    try {
      Set<AttemptId> unknown = new HashSet<>(attempts);
      unknown.removeIf(attempt -> !newer(attempt));
      return unknown;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public OptionalLong before(AttemptId attempt) {
    lock.lock();
    try {
      if (newer(attempt)) {
        return OptionalLong.empty();
      }
      if (!(jobs.get(attempt.job()) instanceof Ready ready)) {
        return OptionalLong.of(0);
      }
      return OptionalLong.of(
          line(ready.job()).headSet(ready, false).stream()
              .filter(other -> group(other.job()).equals(group(ready.job())))
              .count());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void assumeLeased(List<Envelope> running, Duration lease) {
    lock.lock();
    try {
      for (Envelope envelope : running) {
        AttemptId attempt = envelope.attempt();
        if (newer(attempt)) {
          replace(attempt.job(), new Leased(envelope, null, clock.instant().plus(lease)));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Loses everything, as a server does that is flushed. */
  public void wipe() {
    lock.lock();
    try {
      jobs.clear();
      queues.clear();
      offsets.clear();
      turns.clear();
      throttle = new Throttle(MOST);
      rebuilt = false;
    } finally {
      lock.unlock();
    }
  }

  private List<Job> takeReady(TakeRequest request) {
    List<Job> taken = new ArrayList<>();
    Map<String, Integer> room = new HashMap<>();
    queues.keySet().forEach(queue -> room.put(queue, request.room().of(queue)));
    Map<String, Integer> shares = shares(request, room);
    Map<String, Integer> served = new HashMap<>();
    while (taken.size() < request.limit()) {
      Optional<Ready> next =
          inTurn(request, shares, served).stream()
              .filter(queue -> asked(request.queues(), queue.getKey()))
              .filter(queue -> room.getOrDefault(queue.getKey(), 0) > 0)
              .flatMap(queue -> first(queue.getValue(), request.types()).stream())
              .findFirst();
      if (next.isEmpty()) {
        break;
      }
      Job job = next.get().job();
      JobSpec spec = job.spec();
      replace(
          job.id(),
          new Leased(Envelope.of(job), request.worker(), clock.instant().plus(request.lease())));
      throttle.ended(spec.queue(), spec.type(), spec.group()); // it is counted as it is leased
      throttle.started(spec.queue(), spec.type(), spec.group(), spec.cost(), nanos());
      places(spec.queue())
          .computeIfPresent(group(job), (_, place) -> turns(spec.queue()).next(place, weight(job)));
      String from = spec.queue();
      NavigableSet<Ready> rest = line(job);
      queues.remove(from);
      queues.put(from, rest);
      room.merge(from, -1, Integer::sum);
      served.merge(from, 1, Integer::sum);
      taken.add(job);
    }
    return taken;
  }

  /** The queues in the order of their turns; those that have given their shares come last. */
  private List<Map.Entry<String, NavigableSet<Ready>>> inTurn(
      TakeRequest request, Map<String, Integer> shares, Map<String, Integer> served) {
    List<Map.Entry<String, NavigableSet<Ready>>> all = new ArrayList<>(queues.entrySet());
    if (!request.turns().isEmpty()) {
      List<String> order = request.turns().stream().map(QueueTurn::queue).toList();
      all.sort(
          Comparator.comparing(
                  (Map.Entry<String, NavigableSet<Ready>> each) ->
                      served.getOrDefault(each.getKey(), 0)
                          >= shares.getOrDefault(each.getKey(), 0))
              .thenComparing(each -> order.indexOf(each.getKey())));
    }
    return all;
  }

  /** How many jobs each queue may give first, by its weight. */
  private Map<String, Integer> shares(TakeRequest request, Map<String, Integer> room) {
    List<QueueTurn> busy =
        request.turns().stream()
            .filter(turn -> room.getOrDefault(turn.queue(), 0) > 0)
            .filter(turn -> first(line(turn.queue()), request.types()).isPresent())
            .toList();
    Map<String, Integer> shares = new HashMap<>();
    int left = request.limit();
    int sum = busy.stream().mapToInt(QueueTurn::weight).sum();
    for (QueueTurn turn : busy) {
      int share = (left * turn.weight() + sum - 1) / sum;
      shares.put(turn.queue(), share);
      left -= share;
      sum -= turn.weight();
    }
    return shares;
  }

  private NavigableSet<Ready> line(String queue) {
    return queues.getOrDefault(queue, Collections.emptyNavigableSet());
  }

  /** The first that may start, if the queue may start it. */
  private Optional<Ready> first(NavigableSet<Ready> ready, Set<String> types) {
    Set<String> held = new HashSet<>();
    return ready.stream()
        .filter(each -> asked(types, each.job().spec().type()))
        .filter(each -> typeAllows(each.job().spec(), held))
        .filter(each -> groupAllows(each.job().spec()))
        .min(
            Comparator.<Ready>comparingInt(each -> each.job().spec().priority())
                .thenComparing(each -> place(each.job()))
                .thenComparing(Ready.ORDER))
        .filter(
            each -> {
              JobSpec spec = each.job().spec();
              return throttle.waitOfQueue(spec.queue(), spec.cost(), nanos()) == 0;
            });
  }

  /**
   * @param held the types that wait for a job before this one, which no other may overtake
   */
  private boolean typeAllows(JobSpec spec, Set<String> held) {
    if (throttle.waitOfType(spec.type(), spec.cost(), nanos()) > 0) {
      held.add(spec.type());
    }
    return !held.contains(spec.type());
  }

  private boolean groupAllows(JobSpec spec) {
    return throttle.waitOfGroup(spec.queue(), spec.group(), spec.cost(), nanos()) == 0;
  }

  private void limit(LimitTable limits) {
    if (limits.version() > throttle.table().version()) {
      throttle.apply(limits, nanos());
      jobs.values().forEach(known -> count(known, 1));
    }
  }

  private void count(@Nullable Known known, int change) {
    if (known instanceof Leased leased) {
      Envelope envelope = leased.envelope();
      if (change > 0) {
        throttle.counted(envelope.queue(), envelope.type(), envelope.group());
      } else {
        throttle.ended(envelope.queue(), envelope.type(), envelope.group());
      }
    }
  }

  private long place(Job job) {
    return places(job.spec().queue()).getOrDefault(group(job), 0L);
  }

  private Map<String, Long> places(String queue) {
    return places.computeIfAbsent(queue, _ -> new HashMap<>());
  }

  private Turns turns(String queue) {
    return turns.computeIfAbsent(queue, _ -> new Turns());
  }

  private int weight(Job job) {
    return throttle.table().ofQueue(job.spec().queue()).weight(group(job));
  }

  private static String group(Job job) {
    String group = job.spec().group();
    return group == null ? "" : group;
  }

  private long nanos() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
  }

  /** Whether a name is among those asked for, where none stands for all. */
  private static boolean asked(Set<String> names, String name) {
    return names.isEmpty() || names.contains(name);
  }

  private void replace(JobId id, Known next) {
    Known before = jobs.put(id, next);
    count(before, -1);
    count(next, 1);
    if (before instanceof Ready ready) {
      line(ready.job()).remove(ready);
    }
    if (next instanceof Ready ready) {
      JobSpec spec = ready.job().spec();
      if (line(ready.job()).stream()
          .noneMatch(other -> group(other.job()).equals(group(ready.job())))) {
        places(spec.queue())
            .put(group(ready.job()), turns(spec.queue()).enter(weight(ready.job())));
      }
      line(ready.job()).add(ready);
    }
    becameReady.signalAll();
  }

  /** What a lease is known by, which an extension does not change. */
  private Envelope asItCame(Envelope given) {
    return switch (jobs.get(given.attempt().job())) {
      case Leased leased when leased.envelope().attempt().equals(given.attempt()) ->
          leased.envelope();
      case Ready ready when ready.job().attemptId().equals(given.attempt()) ->
          Envelope.of(ready.job());
      case null, default -> given;
    };
  }

  private static ExpiredLease expired(Leased leased) {
    Envelope envelope = leased.envelope();
    return new ExpiredLease(envelope.attempt(), envelope.updatedAt(), leased.worker());
  }

  private NavigableSet<Ready> line(Job job) {
    return queues.computeIfAbsent(job.spec().queue(), name -> new TreeSet<>(Ready.ORDER));
  }

  private boolean advances(StreamRecord.Position position) {
    Long before = offsets.get(position.partition());
    if (before != null && position.offset() <= before) {
      return false;
    }
    offsets.put(position.partition(), position.offset());
    return true;
  }

  private boolean newer(AttemptId attempt) {
    return attempt.number() > knownAttempt(attempt.job());
  }

  private int knownAttempt(JobId id) {
    Known known = jobs.get(id);
    if (known == null || (known instanceof Finished finished && forgotten(finished))) {
      return 0;
    }
    return known.attempt();
  }

  private boolean forgotten(Finished finished) {
    return !finished.at().plus(memory).isAfter(clock.instant());
  }

  /** Whether a worker may have the lease of the attempt, which is the known one of its job. */
  private boolean mayLease(String worker, AttemptId attempt) {
    Known known = jobs.get(attempt.job());
    return known != null
        && known.attempt() == attempt.number()
        && switch (known) {
          case Finished _ -> false;
          case Ready _ -> true;
          case Leased leased -> leased.worker() == null || worker.equals(leased.worker());
        };
  }
}
