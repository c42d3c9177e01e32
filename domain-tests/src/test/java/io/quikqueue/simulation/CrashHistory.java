package io.quikqueue.simulation;

import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.rescue.ReclaimExpiredLeases;
import io.quikqueue.domain.usecase.rescue.RecordCrash;
import io.quikqueue.domain.usecase.rescue.RescueAbandoned;
import io.quikqueue.domain.usecase.run.CrashQuarantine;
import io.quikqueue.domain.usecase.run.StepWorker;
import io.quikqueue.domain.usecase.run.WorkerSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Some jobs end their workers after any time, beside jobs of any length that do not; drawn from a
 * seed. Workers start again at once. Half of the histories are of one process, whose successor
 * knows only what is marked RUNNING; in the others leases expire.
 */
final class CrashHistory {

  /** What may be wrong with the rule. */
  enum Rule {
    AS_IT_IS,
    /** A crash counts in full, whatever ran beside the job. */
    EVERY_CRASH_MAY_BE_THE_LAST,
    /** Others start beside a job that is still said to run alone. */
    JOINS_UNSAID
  }

  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(200);
  private static final int MOST_STEPS = 50_000;
  private static final int SLOTS = 4;

  /** A job that ends its worker when it has run for so long, or that ends then. */
  private record Fate(boolean poison, Duration after) {}

  private final SettableClock clock = new SettableClock();
  private final InMemoryStore memory = new InMemoryStore(clock);
  private final InMemoryReadyQueue ready = new InMemoryReadyQueue(clock);
  private final SplittableRandom random;
  private final Rule rule;
  private final boolean oneProcess;
  private final JobStore store;
  private final RecordCrash recordCrash;
  private final ReclaimExpiredLeases reclaim;
  private final Map<JobId, Fate> fates = new HashMap<>();
  private final List<Running> workers = new ArrayList<>();
  private int starts;
  private int steps;
  private int deaths;

  /** A worker and since when each of its handlers runs. */
  private final class Running {
    private final StepWorker worker;
    private final Map<AttemptId, Instant> since = new HashMap<>();
    private boolean dead;

    Running(Predicate<Job> startsMarked) {
      starts++;
      this.worker =
          new StepWorker(
              new WorkerSettings(
                  "worker-" + starts, Set.of(), SLOTS, SLOTS, 1, LEASE, startsMarked),
              ready,
              store,
              new Succeeding(),
              ready,
              clock,
              () -> 0.5,
              job -> since.put(job.attemptId(), clock.instant()));
    }

    void act() {
      List<AttemptId> over = new ArrayList<>();
      since.forEach(
          (attempt, begin) -> {
            Fate fate = fate(attempt);
            if (!clock.instant().isBefore(begin.plus(fate.after()))) {
              dead |= fate.poison();
              over.add(attempt);
            }
          });
      if (dead) {
        return;
      }
      over.forEach(worker::letReturn);
      since.keySet().removeIf(attempt -> !worker.runs(attempt));
      worker.record();
      worker.beat();
      worker.take();
      if (random.nextInt(3) == 0) {
        worker.askMarks();
      }
    }
  }

  CrashHistory(long seed, Rule rule) {
    this.random = new SplittableRandom(seed);
    this.rule = rule;
    this.oneProcess = random.nextBoolean();
    this.store = new ListenedJobStore(broken(memory), JobListener.announcing(this::push));
    this.recordCrash = new RecordCrash(store, clock, Meter.NONE);
    this.reclaim = new ReclaimExpiredLeases(ready, store, recordCrash, "rescuer", LEASE);
    int count = oneProcess ? 1 : 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      workers.add(new Running(CrashQuarantine::startsMarked));
    }
  }

  /**
   * Runs until every job is over: none that ends no worker is given up, and each that does is after
   * few crashes.
   *
   * @return how many workers died
   */
  int run() {
    Jobs jobs = new Jobs(clock, random.split());
    int poisons = 1 + random.nextInt(3);
    int innocents = 1 + random.nextInt(8);
    while (poisons + innocents > 0 || anyActive()) {
      if (poisons + innocents > 0 && random.nextInt(fates.isEmpty() ? 1 : 40) < 1) {
        boolean poison = random.nextInt(poisons + innocents) < poisons;
        submit(jobs, poison);
        poisons -= poison ? 1 : 0;
        innocents -= poison ? 0 : 1;
      }
      step();
    }
    fates.forEach((id, fate) -> judge(memory.find(List.of(id)).get(id), fate));
    return deaths;
  }

  private void submit(Jobs jobs, boolean poison) {
    Duration after =
        switch (random.nextInt(3)) {
          case 0 -> Duration.ZERO;
          case 1 -> Duration.ofMillis(random.nextInt(5_000));
          default -> Duration.ofMillis(random.nextInt(60_000));
        };
    Job job = jobs.aJob().maxCrashes(2 + random.nextInt(4)).queued();
    fates.put(job.id(), new Fate(poison, after));
    memory.submit(List.of(new Submission(job, null)));
    push(List.of(job));
  }

  private void step() {
    clock.advance(STEP);
    Ledger.require(++steps < MOST_STEPS, "not over after %s deaths", deaths);
    for (int i = 0; i < workers.size(); i++) {
      Running worker = workers.get(i);
      worker.act();
      if (worker.dead) {
        deaths++;
        workers.set(i, restarted());
      }
    }
    while (!oneProcess && reclaim.reclaim()) {
      // there may be more
    }
  }

  private Running restarted() {
    if (!oneProcess) {
      return new Running(CrashQuarantine::startsMarked);
    }
    ready.wipe();
    new RescueAbandoned(memory, ready, recordCrash, Duration.ofSeconds(30)).rescue();
    push(memory.scan(JobState.QUEUED, null, 1000));
    return new Running(CrashQuarantine.startsMarkedAfterCrash(clock.instant(), 100));
  }

  private void push(List<Job> jobs) {
    ready.push(jobs);
  }

  private boolean anyActive() {
    return memory.find(fates.keySet()).values().stream().anyMatch(job -> !job.state().terminal());
  }

  private static void judge(Job job, Fate fate) {
    Ledger.require(
        job.state() == (fate.poison() ? JobState.FAILED : JobState.DONE),
        "%s is %s after %s crashes; poison: %s, after %s",
        job.id(),
        job.state(),
        job.crashes(),
        fate.poison(),
        fate.after());
    // Two before it is a suspect, 2, 8 and 32 s beside others; then the period is longer than any
    // job.
    Ledger.require(
        !fate.poison() || job.crashes() <= 6,
        "%s was given up after %s crashes",
        job.id(),
        job.crashes());
  }

  private Fate fate(AttemptId attempt) {
    Fate fate = fates.get(attempt.job());
    if (fate == null) {
      throw new IllegalStateException("nobody submitted " + attempt);
    }
    return fate;
  }

  private JobStore broken(InMemoryStore target) {
    return (JobStore)
        Proxy.newProxyInstance(
            CrashHistory.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (_, method, args) -> {
              try {
                return method.getName().equals("save")
                    ? save(target, (List<?>) args[0])
                    : method.invoke(target, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private SaveResult save(InMemoryStore target, List<?> transitions) {
    Set<AttemptId> applied = new HashSet<>();
    List<Transition> saved = new ArrayList<>();
    for (Object each : transitions) {
      Transition transition = broken((Transition) each);
      saved.add(transition);
      if (rule == Rule.JOINS_UNSAID
          && transition.before().runsAlone()
          && transition.after().state() == JobState.RUNNING) {
        applied.add(transition.attempt());
      } else {
        applied.addAll(target.save(List.of(transition)).applied());
      }
    }
    return SaveResult.of(saved, applied, Map.of());
  }

  private Transition broken(Transition transition) {
    Job before = transition.before();
    Job after = transition.after();
    boolean last = after.crashes() >= after.spec().policy().maxCrashes();
    return rule == Rule.EVERY_CRASH_MAY_BE_THE_LAST && after.crashes() > before.crashes() && last
        ? before.exit(clock.instant()).by(transition.worker())
        : transition;
  }

  private static final class Succeeding implements Handlers {

    @Override
    public Optional<JobHandler> find(String type) {
      return Optional.of(_ -> new JobHandler.Result("1", null));
    }

    @Override
    public Set<String> types() {
      return Set.of("echo");
    }
  }
}
