package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.desired.DesiredInForce;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.run.NodeSpawner;
import io.quikqueue.domain.usecase.run.ResultSize;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Leases jobs to workers outside this program, and records what they report. It is the same
 * lifecycle of an attempt as that of this program's own workers. Any process can serve any request
 * of a worker: what it does not know of a lease, it finds out from the lease's id, the store and
 * the ready queue. Safe for use by many threads.
 */
public final class Leases implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Leases.class.getName());

  /** Types that workers may make known to this service. */
  private static final int MOST_TYPES = 1_000;

  /** For so long a type has to be offered by no worker to make room for another. */
  private static final Duration UNUSED = Duration.ofDays(1);

  private static final int MOST_WORKERS = 400;
  private static final int MOST_WORKERS_OF_CALLER = 200;
  private static final Duration TICK = Duration.ofMillis(200);
  private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

  private final LeaseContext context;
  private final Workers workers;
  private final PullWorkerNews news;
  private final Bounds bounds;
  private final ReadyWaits waits;
  private final Map<String, KnownWorker> known = new ConcurrentHashMap<>();
  private long nextCheck;

  /**
   * What leases are made of.
   *
   * @param store whoever has to hear of what happens to jobs listens to it
   * @param clock the store's clock
   * @param redaction masks what is secret in what workers tell
   * @param resolved checks a payload into which results of other nodes were put; throws {@link
   *     io.quikqueue.domain.job.InvalidPayloadException}
   * @param spawner makes nodes of what workers want to add to the workflows of their jobs
   */
  public record Ports(
      ReadyQueue ready,
      JobStore store,
      JobJournal journal,
      Workers workers,
      DesiredInForce desired,
      PausesInForce pauses,
      LimitsInForce limits,
      InstantSource clock,
      Meter meter,
      Redaction redaction,
      Consumer<JobSpec> resolved,
      NodeSpawner spawner) {

    /** Where payloads with results of other nodes in them are not checked, and none are added. */
    public Ports(
        ReadyQueue ready,
        JobStore store,
        JobJournal journal,
        Workers workers,
        DesiredInForce desired,
        PausesInForce pauses,
        LimitsInForce limits,
        InstantSource clock,
        Meter meter,
        Redaction redaction) {
      this(
          ready,
          store,
          journal,
          workers,
          desired,
          pauses,
          limits,
          clock,
          meter,
          redaction,
          _ -> {},
          NodeSpawner.none());
    }
  }

  /**
   * What a worker may do.
   *
   * @param result bytes of UTF-8 that a result may have
   * @param leases jobs that it may hold at once, by what this process knows
   */
  public record Bounds(int result, int leases) {}

  /**
   * @param process names this process among all
   * @param nanoTime monotonic time
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter of retries
   * @param offered told within a second of what the living workers take when that has changed
   */
  public Leases(
      Ports ports,
      String process,
      Bounds bounds,
      LongSupplier nanoTime,
      DoubleSupplier random,
      Consumer<OfferedTypes> offered) {
    this.context = new LeaseContext(ports, nanoTime, random);
    this.workers = ports.workers();
    this.news = new PullWorkerNews(ports.workers(), ports.clock(), process, nanoTime, offered);
    this.bounds = bounds;
    this.waits = new ReadyWaits(ports.ready());
    this.nextCheck = nanoTime.getAsLong();
  }

  /**
   * Leases jobs that are ready now, unless the worker drains or has as many as it is asked to have.
   *
   * @return none when none is
   * @throws io.quikqueue.domain.job.OutOfScopeException when that may be outside the caller's scope
   * @throws InvalidFieldException when there are too many types to add another
   * @throws OverloadedException when there are too many workers to add another
   * @throws TooManyLeasesException when the worker holds as many jobs as it may
   * @throws io.quikqueue.domain.port.UnavailableException when the store or the ready queue cannot
   *     be reached; then what was taken is ready again
   */
  public List<Lease> lease(Caller caller, LeaseRequest request) {
    LeaseScope.require(caller, request);
    KnownWorker worker = enter(caller, request.worker());
    worker.heard(context.nanoTime().getAsLong());
    if (!worker.isKnownToTake(request)) {
      requireRoomForTypes(request.types());
      worker.note(request);
      news.tell(worker);
      worker.told(request);
    }
    int wanted = worker.wantedJobs();
    if (wanted <= worker.attempts().lifecycle().held().size()) {
      worker.attempts().close(); // what waits for its trial here would wait for ever
      return List.of();
    }
    return worker.attempts().lease(request, Math.min(wanted, bounds.leases()));
  }

  /** Whether a worker is asked to take no more jobs. */
  public boolean isDraining(LeaseRequest request) {
    KnownWorker worker = known.get(request.worker());
    return worker != null && worker.isDraining();
  }

  /**
   * A wait for the queue to have ready jobs, perhaps of other types than are asked for, which
   * whoever begins it ends by a timeout or by cancelling it.
   *
   * @param most how long it may last
   * @param pause how long it lasts at least
   */
  public CompletableFuture<Void> await(
      Caller caller, LeaseRequest request, Duration most, Duration pause) {
    KnownWorker worker = known.get(request.worker());
    if (worker != null) {
      worker.heard(context.nanoTime().getAsLong() + most.toNanos());
    }
    return waits.begin(request.queue(), request.worker(), pause);
  }

  /**
   * Does what workers report of their leases.
   *
   * @param reports at most {@value LeaseRequest#MOST_LEASES}
   * @return an answer to each, in the same order
   * @throws InvalidFieldException when a result is too long; nothing was done
   * @throws io.quikqueue.domain.port.UnavailableException when the store or the ready queue cannot
   *     be reached; all of it may be reported again
   */
  public List<LeaseAnswer> report(Caller caller, List<LeaseReport> reports) {
    Map<String, List<LeaseReport>> byWorker = new LinkedHashMap<>();
    for (LeaseReport report : reports) {
      require(caller, report);
    }
    Set<JobId> foreign = LeaseScope.foreign(caller, context.store(), reports);
    for (LeaseReport report : reports) {
      if (foreign.contains(report.lease().attempt().job())) {
        continue;
      }
      byWorker.computeIfAbsent(report.lease().worker(), _ -> new ArrayList<>()).add(report);
    }
    Map<LeaseReport, LeaseAnswer> answers = new IdentityHashMap<>();
    byWorker.forEach(
        (worker, its) -> {
          List<LeaseAnswer> given = report(caller, worker, its);
          for (int i = 0; i < its.size(); i++) {
            answers.put(its.get(i), given.get(i));
          }
        });
    LeaseAnswer unknown = new LeaseAnswer.Unknown();
    return reports.stream().map(each -> answers.getOrDefault(each, unknown)).toList();
  }

  private List<LeaseAnswer> report(Caller caller, String name, List<LeaseReport> reports) {
    KnownWorker present = known.get(name);
    KnownWorker worker = present == null ? unknown(caller, name) : present;
    worker.heard(context.nanoTime().getAsLong());
    List<LeaseAnswer> answers = worker.attempts().report(reports);
    if (present == null && worker.holds() && hasRoom(caller)) {
      known.putIfAbsent(name, worker);
    }
    return answers;
  }

  /** What the living workers take that lease from this process. */
  public OfferedTypes offered() {
    return OfferedTypes.of(known.values());
  }

  /**
   * Fails attempts whose time is over, tells the store of the workers, and forgets those that fell
   * silent; to be called again after the time it returns.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when a server cannot be reached; to be
   *     called again then too
   */
  public Duration supervise() {
    long now = context.nanoTime().getAsLong();
    if (now - nextCheck < 0) {
      return TICK;
    }
    nextCheck = now + CHECK_NANOS;
    context.holds(
        known.values().stream().mapToLong(each -> each.attempts().lifecycle().chars()).sum());
    for (KnownWorker worker : known.values()) {
      try {
        supervise(worker, now);
      } catch (UnavailableException e) {
        throw e;
      } catch (RuntimeException e) { // a bug; it must not keep the others from being looked after
        LOG.log(Level.ERROR, () -> "event=supervise_error worker=" + worker.name(), e);
      }
    }
    news.beat(known.values());
    news.offered(known.values());
    return TICK;
  }

  private void supervise(KnownWorker worker, long now) {
    worker.attempts().supervise();
    if (worker.isSilent(now)) {
      known.remove(worker.name(), worker);
      worker.attempts().close();
      news.gone(worker);
    } else {
      worker.attempts().renewQuarantined();
      if (worker.drainingChanged()) {
        waits.wake(worker.name());
      }
    }
  }

  /**
   * Refuses a result that is too long, and new nodes outside the caller's scope.
   *
   * @throws InvalidFieldException naming the field {@code result}
   * @throws io.quikqueue.domain.job.OutOfScopeException naming the field
   */
  public void require(Caller caller, LeaseReport report) {
    LeaseScope.require(caller, report);
    if (report instanceof LeaseReport.Complete(_, String result, _, _)) {
      String problem = ResultSize.problem(result, bounds.result());
      if (problem != null) {
        throw new InvalidFieldException("result", problem + "; let the job fail");
      }
    }
  }

  /** Whether waits are over at once. */
  public boolean isStopping() {
    return waits.isClosed();
  }

  /** Ends all waits; workers may report to other processes from then on. */
  public void endWaits() {
    waits.close();
  }

  /** Gives back what no worker has started; leases stay as they are. */
  @Override
  public void close() {
    waits.close();
    for (KnownWorker worker : known.values()) {
      worker.attempts().close();
      news.gone(worker);
    }
  }

  private KnownWorker enter(Caller caller, String name) {
    KnownWorker present = known.get(name);
    if (present != null) {
      return present;
    }
    synchronized (known) {
      if (!known.containsKey(name) && !hasRoom(caller)) {
        throw new OverloadedException();
      }
      return known.computeIfAbsent(name, _ -> unknown(caller, name));
    }
  }

  private boolean hasRoom(Caller caller) {
    String who = caller.countedAs();
    long its = known.values().stream().filter(each -> each.countedAs().equals(who)).count();
    return known.size() < MOST_WORKERS && its < MOST_WORKERS_OF_CALLER;
  }

  private KnownWorker unknown(Caller caller, String name) {
    return new KnownWorker(name, caller, context, news);
  }

  private void requireRoomForTypes(Set<String> types) {
    if (types.isEmpty()) {
      return;
    }
    if (!hasRoomFor(types)) {
      workers.forgetTypes(UNUSED);
      if (!hasRoomFor(types)) {
        throw new InvalidFieldException("types", "there are " + MOST_TYPES + " types already");
      }
    }
  }

  private boolean hasRoomFor(Set<String> types) {
    Set<String> all = new TreeSet<>(workers.types());
    return all.containsAll(types) || (all.addAll(types) && all.size() <= MOST_TYPES);
  }
}
