package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.run.WorkerHeartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** A pull worker that this process has heard of, and what it asked for. */
final class KnownWorker {

  /** One that holds nothing and was not heard of for so long is gone. */
  private static final long SILENCE_NANOS = Duration.ofSeconds(20).toNanos();

  private static final int MOST_QUEUES = 100;
  private static final int MOST_TYPES = 200;

  private final String name;
  private final Caller caller;
  private final LeaseContext context;
  private final PullWorker attempts;
  private final WorkerHeartbeat heartbeat;
  private final PullWorkerNews news;
  private final Reservation reservation;

  /** By queue the types it has asked for there; empty = all. */
  private final Map<String, Set<String>> asked = new ConcurrentHashMap<>();

  private final Map<String, Set<String>> told = new ConcurrentHashMap<>();
  private volatile int slots = 1;
  private volatile long heardAt;
  private boolean wasDraining;

  KnownWorker(String name, Caller caller, LeaseContext context, PullWorkerNews news) {
    this.name = name;
    this.caller = caller;
    this.context = context;
    this.news = news;
    this.reservation = new Reservation(news, name, () -> news.tell(this));
    this.attempts = context.worker(name, reservation);
    this.heartbeat = news.heartbeat(this);
  }

  String name() {
    return name;
  }

  String address() {
    return caller.address();
  }

  /** With whose workers it is counted. */
  String countedAs() {
    return caller.countedAs();
  }

  PullWorker attempts() {
    return attempts;
  }

  /** Whether everybody knows already that it takes what it asks for. */
  boolean isKnownToTake(LeaseRequest request) {
    slots = Math.max(slots, request.max());
    Set<String> before = told.get(request.queue());
    return before != null
        && (before.isEmpty()
            || (!request.types().isEmpty() && before.containsAll(request.types())));
  }

  /**
   * Notes what it asks for, beside what it has asked for before.
   *
   * @throws InvalidFieldException when that is too much
   */
  synchronized void note(LeaseRequest request) {
    Set<String> before = asked.get(request.queue());
    if (before == null && asked.size() >= MOST_QUEUES) {
      throw new InvalidFieldException(
          "queue", "a worker takes from " + MOST_QUEUES + " queues at most");
    }
    Set<String> all = new TreeSet<>(request.types());
    if (before != null && before.isEmpty()) {
      all.clear();
    } else if (before != null && !all.isEmpty()) {
      all.addAll(before);
    }
    if (all.size() > MOST_TYPES) {
      throw new InvalidFieldException(
          "types", "a worker takes " + MOST_TYPES + " types of a queue at most");
    }
    asked.put(request.queue(), Set.copyOf(all));
  }

  /** Notes that everybody knows. */
  synchronized void told(LeaseRequest request) {
    Set<String> types = asked.get(request.queue());
    if (types != null) {
      told.put(request.queue(), types);
    }
  }

  /** Notes that a request of it came, or that one will be answered then. */
  void heard(long nanos) {
    heardAt = nanos;
  }

  boolean isSilent(long nanos) {
    return nanos - heardAt > SILENCE_NANOS && !holds();
  }

  boolean holds() {
    return !attempts.lifecycle().held().isEmpty();
  }

  /** Whether it is asked to take no more jobs. */
  boolean isDraining() {
    DesiredState desired = context.desired(name);
    return desired != null && desired.draining();
  }

  /** Whether that has changed since it was asked last; for one thread. */
  boolean drainingChanged() {
    boolean now = isDraining();
    boolean changed = now != wasDraining;
    wasDraining = now;
    return changed;
  }

  /** How many jobs it is asked to hold at most. */
  int wantedJobs() {
    DesiredState desired = context.desired(name);
    if (desired == null) {
      return Integer.MAX_VALUE;
    }
    Integer wanted = desired.slots();
    return desired.draining() ? 0 : wanted == null ? Integer.MAX_VALUE : wanted;
  }

  Set<String> types() {
    return asked.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  boolean takesAll() {
    return asked.values().stream().anyMatch(Set::isEmpty);
  }

  /** Says when the store is to be told of it; for one thread. */
  WorkerHeartbeat heartbeat() {
    return heartbeat;
  }

  WorkerInfo info() {
    List<AttemptSnapshot> running = attempts.lifecycle().running();
    return news.info(
        this,
        new TreeSet<>(asked.keySet()),
        takesAll() ? Set.of() : types(),
        reservation.shown(Math.max(slots, running.size())),
        running,
        phase());
  }

  private Phase phase() {
    if (!isDraining()) {
      return Phase.RUNNING;
    }
    return holds() ? Phase.DRAINING : Phase.DRAINED;
  }
}
