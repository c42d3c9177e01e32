package io.quikqueue.simulation;

import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.DispatchTarget;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.Timers;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One history of the whole system on one thread. In each step somebody does something; each call of
 * a port may meet a fault before or after it took effect, and while one waits for its turn at a
 * port others may act, so that any two processes can get between each other's calls. What happens
 * in a step is drawn from the seed and the number of the step alone, so that a history can be run
 * again with some of its steps left out.
 */
final class Simulation {

  static final Duration LEASE = Duration.ofSeconds(30);

  private static final int DEEPEST = 2;
  private static final int ROUNDS = 120;
  private static final Duration ROUND = Duration.ofSeconds(7);

  final Broken broken;
  final SettableClock clock = new SettableClock();
  final JobStore store;
  final Outbox outbox;
  final Timers timers;
  final ActiveJobs active;
  final ReadyQueue ready;
  final ClosedDestinations closed;
  final ReadyQueueRebuild rebuild;
  final DispatchTarget target;
  final JobStream stream;
  final Reading reading;
  final Ledger ledger;

  /** What is drawn from now. */
  SplittableRandom random;

  private final long seed;
  private final Partitions partitions = new Partitions();
  private final InMemoryReadyQueue readyMemory;
  private final boolean faulty;
  private final int length;
  private final List<Actor> actors = new ArrayList<>();
  private final List<Api> apis = new ArrayList<>();
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final Deque<Actor> acting = new ArrayDeque<>();
  private final Consumer<String> trace;
  private final boolean traced;
  private boolean settling;

  /**
   * @param trace gets a line per step, call and event; null = nobody wants them
   */
  Simulation(long seed, Broken broken, @Nullable Consumer<String> trace) {
    this.seed = seed;
    this.broken = broken;
    this.traced = trace != null;
    this.trace = trace == null ? _ -> {} : trace;
    this.random = new SplittableRandom(seed);
    this.faulty = random.nextInt(5) > 0;
    int faultsPerThousand = faulty ? 5 + random.nextInt(60) : 0;
    int othersPerThousand = 20 + random.nextInt(200);
    this.length = 15 + random.nextInt(50);
    InMemoryStore memory = new InMemoryStore(clock);
    this.readyMemory =
        broken == Broken.NOBODY_REMEMBERS
            ? new InMemoryReadyQueue(clock, Duration.ZERO)
            : new InMemoryReadyQueue(clock);
    this.ledger = new Ledger(memory, readyMemory, partitions, this::runs);
    FaultyPorts ports = new FaultyPorts(this, faultsPerThousand, othersPerThousand);
    this.store = ports.of(JobStore.class, new BrokenStore(memory, broken));
    this.outbox = ports.of(Outbox.class, memory);
    this.timers = ports.of(Timers.class, memory);
    this.active = ports.of(ActiveJobs.class, memory);
    this.ready = ports.of(ReadyQueue.class, readyMemory);
    this.closed = ports.of(ClosedDestinations.class, readyMemory);
    this.rebuild = ports.of(ReadyQueueRebuild.class, readyMemory);
    this.target = ports.of(DispatchTarget.class, readyMemory);
    this.stream = ports.of(JobStream.class, partitions);
    this.reading = ports.of(Reading.class, partitions);
    populate(random.nextInt(4) == 0 ? 2 : 1000);
  }

  private void populate(long highWater) {
    JobIds ids = new JobIds(clock, random.split());
    for (int i = 0; i < 2; i++) {
      Api api = new Api("api-" + i, this, ids);
      WorkerProcess worker =
          new WorkerProcess("worker-" + i, i == 0 ? Set.of("work") : Request.TYPES, this);
      apis.add(api);
      workers.add(worker);
      actors.add(api);
      actors.add(worker);
      actors.add(new ConsumerGroupMember("consumer-" + i, this, highWater));
      actors.add(new Scheduler("scheduler-" + i, this, highWater));
    }
    actors.add(workers.get(0)); // twice as often as others
    actors.add(workers.get(1));
    actors.add(new World());
  }

  /** How many steps this history has. */
  int length() {
    return length;
  }

  /** Takes these steps, then lets everything settle without faults, and audits. */
  void run(int[] steps) {
    for (int step : steps) {
      random = new SplittableRandom(seed * 1_000_003 + step + 1);
      trace("step %d", step);
      somebodyActs();
    }
    settle();
  }

  private boolean runs(AttemptId attempt) {
    return workers.stream().anyMatch(worker -> worker.runs(attempt));
  }

  /** How many handlers began. */
  int runs() {
    return ledger.runs();
  }

  /** One step of somebody who does not act yet. */
  void somebodyActs() {
    Actor actor = actors.get(random.nextInt(actors.size()));
    if (!acting.contains(actor)) {
      perform(actor, () -> actor.act(random));
    }
  }

  private void perform(Actor actor, Runnable act) {
    trace("%s acts", actor.name());
    acting.push(actor);
    try {
      act.run();
    } catch (Crash e) {
      trace("%s dies", actor.name());
      ledger.fault();
      actor.die();
    } catch (UnavailableException e) {
      trace("%s gives up for now", actor.name());
    } finally {
      acting.pop();
    }
    ledger.check();
  }

  private void settle() {
    trace("settling");
    settling = true;
    random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      for (Actor actor : actors) {
        perform(actor, actor::settle);
      }
      if (ledger.allOver()
          && apis.stream().noneMatch(Api::waitedFor)
          && workers.stream().allMatch(WorkerProcess::idle)) {
        ledger.audit();
        return;
      }
      clock.advance(ROUND);
    }
    throw new Violation(
        "not settled after " + ROUNDS + " rounds without faults: " + ledger.unfinished());
  }

  /** The stream as the relay uses it. */
  JobStream relayStream() {
    return broken == Broken.DELETES_BEFORE_ANNOUNCE
        ? new JobStream() {
          @Override
          public void announce(List<Job> jobs) {
            outbox.delete(jobs.stream().map(job -> job.attemptId()).toList());
            stream.announce(jobs);
          }

          @Override
          public Map<String, Progress> progress() {
            return stream.progress();
          }
        }
        : stream;
  }

  void trace(String line, Object... details) {
    if (traced) {
      trace.accept("  ".repeat(acting.size()) + line.formatted(details));
    }
  }

  /** Whether all faults are over. */
  boolean settling() {
    return settling;
  }

  boolean traced() {
    return traced;
  }

  /** Whether others may act before whoever acts now goes on. */
  boolean mayBeInterrupted() {
    return acting.size() <= DEEPEST;
  }

  /** Who acts now; null = nobody. */
  @Nullable Actor actor() {
    return acting.peek();
  }

  /** Time, and what befalls servers. */
  private final class World implements Actor {

    @Override
    public String name() {
      return "world";
    }

    @Override
    public void act(SplittableRandom drawn) {
      int what = drawn.nextInt(20);
      if (!faulty || what < 12) {
        pass(Duration.ofMillis(drawn.nextInt(2000)));
        if (acting.size() == 1 && drawn.nextInt(6) == 0) {
          for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(7));
          }
        }
      } else if (what < 16) {
        trace("nobody does anything for a while");
        ledger.fault();
        clock.advance(Duration.ofSeconds(10 + drawn.nextInt(80)));
      } else if (what < 19) {
        trace("the ready queue is wiped");
        ledger.wiped();
        readyMemory.wipe();
      } else {
        trace("the stream loses a partition");
        ledger.streamLost();
        partitions.lose(drawn.nextInt(Partitions.COUNT));
      }
    }

    /** Workers give a sign of life meanwhile. */
    private void pass(Duration time) {
      clock.advance(time);
      for (WorkerProcess worker : workers) {
        if (!acting.contains(worker)) {
          perform(worker, worker::beat);
        }
      }
    }

    @Override
    public void die() {}

    @Override
    public void settle() {}
  }
}
