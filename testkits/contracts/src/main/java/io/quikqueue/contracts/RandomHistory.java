package io.quikqueue.contracts;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Lets random verbs happen to random jobs of a store, in batches with stale and repeated changes
 * among them, and keeps a model of what the store should hold then. Several can share a store.
 */
final class RandomHistory {

  static final List<String> QUEUES = List.of("alpha", "beta", "gamma.delta");

  private final Stores stores;
  private final Jobs make;
  private final Random random;
  private final NavigableMap<JobId, Job> jobs = new TreeMap<>();
  private final Map<JobId, List<AttemptRecord>> attempts = new HashMap<>();
  private final Map<JobId, Transition> lastChange = new HashMap<>();
  private final Map<JobId, Optional<String>> workers = new HashMap<>();
  private final Set<AttemptId> announced = new HashSet<>();
  private final Map<String, Integer> submitted = new HashMap<>();
  private final Map<String, Integer> finished = new HashMap<>();
  private Instant last = Instant.EPOCH;

  RandomHistory(Stores stores, Jobs make, long seed) {
    this.stores = stores;
    this.make = make;
    this.random = new Random(seed);
  }

  /** Every job there should be. */
  NavigableMap<JobId, Job> jobs() {
    return jobs;
  }

  /** The records there should be of each job's attempts. */
  Map<JobId, List<AttemptRecord>> attempts() {
    return attempts;
  }

  /** The attempts that entered QUEUED and are still there, never released in between. */
  Set<AttemptId> announced() {
    return announced;
  }

  /** How many jobs were ever submitted, per queue. */
  Map<String, Integer> submitted() {
    return submitted;
  }

  /** How many jobs have reached a terminal state and were not retried since, per queue. */
  Map<String, Integer> finished() {
    return finished;
  }

  /** Goes on by this many batches of new jobs and as many of changes. */
  void run(int batches) {
    for (int i = 0; i < batches; i++) {
      submit();
      save();
    }
  }

  private void submit() {
    List<Submission> batch = new ArrayList<>();
    int size = random.nextInt(8);
    for (int i = 0; i < size; i++) {
      JobFixture job =
          make.aJob()
              .at(tick())
              .queue(QUEUES.get(random.nextInt(QUEUES.size())))
              .priority(random.nextInt(10));
      if (random.nextInt(4) == 0) {
        job.deadline(last.plusSeconds(random.nextInt(-100, 100)));
      }
      batch.add(new Submission(job.in(JobState.ofCode(1 + random.nextInt(3))), null));
    }
    List<Submission> again = new ArrayList<>(batch);
    batch.stream().filter(_ -> random.nextInt(10) == 0).forEach(again::add);

    assertThat(stores.jobs().submit(again)).hasOnlyElementsOfType(SubmitResult.Accepted.class);

    for (Submission each : batch) {
      Job job = each.job();
      jobs.put(job.id(), job);
      attempts.put(job.id(), new ArrayList<>());
      submitted.merge(job.spec().queue(), 1, Integer::sum);
      if (job.state() == JobState.QUEUED) {
        announced.add(job.attemptId());
      }
    }
  }

  private void save() {
    List<Transition> batch = new ArrayList<>();
    Set<AttemptId> expected = new HashSet<>();
    for (Job job : List.copyOf(jobs.values())) {
      if (job.state() == JobState.DONE
          || job.state() == JobState.SKIPPED
          || random.nextInt(3) != 0) {
        continue;
      }
      Transition previous = lastChange.get(job.id());
      if (previous != null && random.nextInt(10) == 0) {
        batch.add(previous);
        expected.add(previous.attempt());
      } else if (previous != null && movedOn(previous) && random.nextInt(10) == 0) {
        batch.add(change(previous.before()));
      } else {
        Transition change = change(random.nextInt(5) == 0 ? differentlyMarked(job) : job);
        batch.add(change);
        if (change.fits(job.state(), job.attempt())) {
          expected.add(change.attempt());
          apply(change);
        }
      }
    }
    for (int from = 0; from < batch.size(); from += 1000) {
      List<Transition> part = batch.subList(from, Math.min(from + 1000, batch.size()));
      SaveResult result = stores.jobs().save(part);
      List<Transition> applied =
          part.stream().filter(each -> expected.contains(each.attempt())).toList();
      assertThat(result.applied())
          .isEqualTo(applied.stream().map(Transition::attempt).collect(toSet()));
      assertThat(result.ready())
          .isEqualTo(
              applied.stream().filter(Transition::madeReady).map(Transition::after).toList());
    }
  }

  private static boolean movedOn(Transition change) {
    JobState from = change.before().state();
    JobState to = change.after().state();
    return change.before().attempt() != change.after().attempt()
        || (from != to && !(from.active() && to.active()));
  }

  /** A job that is QUEUED or RUNNING as the other of the two: a mark may be missing or early. */
  private Job differentlyMarked(Job job) {
    return switch (job.state()) {
      case QUEUED -> job.start(tick()).after();
      case RUNNING -> job.release(tick()).after();
      case WAITING, SCHEDULED, RETRYING, DONE, FAILED, CANCELLED, EXPIRED, SKIPPED -> job;
    };
  }

  private Transition change(Job job) {
    List<Verb> legal = Stream.of(Verb.values()).filter(job::can).toList();
    Verb verb = legal.get(random.nextInt(legal.size()));
    Transition change =
        verb == Verb.MOVE ? job.move(somewhere(), tick()) : Jobs.after(job, verb, tick());
    return change.by(random.nextBoolean() ? "worker-1" : null);
  }

  private Move somewhere() {
    return new Move(random.nextInt(10), QUEUES.get(random.nextInt(QUEUES.size())));
  }

  private void apply(Transition change) {
    Job before = change.before();
    Job after = change.after();
    Job stored = jobs.put(after.id(), after);
    lastChange.put(after.id(), change);
    Optional<String> worker = Optional.ofNullable(change.worker());
    Optional<String> marked = workers.getOrDefault(after.id(), Optional.empty());
    boolean ran = stored != null && stored.state() == JobState.RUNNING;
    workers.put(after.id(), worker);
    AttemptRecord ended = change.by((ran ? worker.or(() -> marked) : worker).orElse(null)).ended();
    if (ended != null) {
      attempts.computeIfAbsent(after.id(), _ -> new ArrayList<>()).add(ended);
    }
    if (after.state().terminal() != before.state().terminal()) {
      finished.merge(after.spec().queue(), after.state().terminal() ? 1 : -1, Integer::sum);
    }
    announced.remove(before.attemptId());
    if (change.madeReady()) {
      announced.add(after.attemptId());
    }
  }

  private Instant tick() {
    Instant now = make.now();
    last = now.isAfter(last) ? now : last.plusNanos(1000);
    return last;
  }
}
