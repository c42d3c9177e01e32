package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.NewWorkflows;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.run.CrashQuarantine.Turn;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.RunIf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class AttemptAdmitterTest {

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Map<AttemptId, ActiveAttempt> held = new HashMap<>();
  private Predicate<Job> startsMarked = _ -> false;
  private final WorkerSettings settings =
      new WorkerSettings(
          "worker", Set.of(), 4, 4, 1, Duration.ofSeconds(30), job -> startsMarked.test(job));
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean idle = new AtomicBoolean(true);
  private final CrashQuarantine quarantine =
      new CrashQuarantine(held, idle::get, nanos::get, 4, settings.startsMarked());
  private final AttemptAdmitter admitter =
      new AttemptAdmitter(
          settings.id(),
          new AttemptLeases(world.ready.port(), settings, nanos::get),
          world.store.port(),
          new Finish(world.listened, world.ready.port(), world.meter),
          clock,
          nanos::get,
          world.memory.steps(),
          new NodePayloads(world.memory.workflows(), this::check, NodeSpawner.none()),
          held,
          quarantine,
          Redaction.usual(),
          NodeSpawner.none(),
          (attempt, outcome) -> {
            throw new AssertionError(attempt.id() + " ended: " + outcome);
          });
  private final List<AttemptId> started = new ArrayList<>();

  private void check(JobSpec resolved) {
    if (resolved.payload().equals("13")) {
      throw new InvalidPayloadException("/x/0", "must be another number");
    }
  }

  private int startAll(Job... jobs) {
    List<Job> taken = new ArrayList<>();
    for (Job job : jobs) {
      taken.add(job);
    }
    return admitter.admit(taken, attempt -> started.add(attempt.id())).held();
  }

  @Test
  void whatWasTakenWaitsUntilTheStoreHasAnswered() {
    Job job = world.stored(world.jobs.aQueuedJob());
    List<Job> waiting = new ArrayList<>();
    world.store.beforeNext("current", () -> waiting.addAll(admitter.asked()));

    assertThat(startAll(job)).isOne();

    assertThat(waiting).extracting(message -> message.attemptId()).containsExactly(job.attemptId());
    assertThat(admitter.asked()).isEmpty();
    assertThat(held).containsOnlyKeys(job.attemptId());
  }

  /** Where a take lasts longer than it takes until attempts count as lasting. */
  @Test
  void whatIsMarkedBeforeItStartsIsMarkedByNobodyElse() {
    Job one = world.stored(world.jobs.aQueuedJob());
    Job two = world.stored(world.jobs.aQueuedJob());
    List<AttemptId> lasting = new ArrayList<>();
    startsMarked =
        job -> {
          held.values().stream()
              .filter(ActiveAttempt::askMark)
              .forEach(each -> lasting.add(each.id()));
          return true;
        };

    assertThat(startAll(one, two)).isEqualTo(2);

    assertThat(lasting).isEmpty();
    assertThat(started).containsExactly(one.attemptId(), two.attemptId());
    assertThat(world.state(one)).isEqualTo(JobState.RUNNING);
  }

  @Test
  void whatWentToAnotherMeanwhileDoesNotStart() {
    Job lost = world.stored(world.jobs.aQueuedJob());
    Job kept = world.stored(world.jobs.aQueuedJob());
    world.store.beforeNext("current", () -> admitter.lost(lost.attemptId()));

    assertThat(startAll(lost, kept)).isOne();

    assertThat(started).containsExactly(kept.attemptId());
    assertThat(held).containsOnlyKeys(kept.attemptId());
  }

  @Test
  void jobsWhoseResultsOfOthersTakeTooMuchMemoryTogetherAreGivenBack() {
    List<Job> taken = afterResult("\"" + "x".repeat(1_000_000) + "\"", 12);

    assertThat(admitter.admit(taken, attempt -> started.add(attempt.id())).held()).isEqualTo(9);

    assertThat(held).hasSize(9);
    assertThat(admitter.asked()).isEmpty();
  }

  @Test
  void anAttemptThatIsGivenBackHasNoResultsOfOthersInIt() {
    Job job = afterResult("7", 1).getFirst();
    startAll(job);

    ActiveAttempt attempt = held.get(job.attemptId());

    assertThat(attempt.job().spec().payload()).isEqualTo("7");
    assertThat(attempt.taken()).isEqualTo(job);
  }

  @Test
  void aJobThatRefersToAResultWhoseKeyIsUnusableHereIsPutOff() {
    Job job = afterResult("enc1:old:AAAA", 1).getFirst();

    assertThatThrownBy(() -> startAll(job))
        .hasMessageContaining("Postponed")
        .hasMessageContaining("a result that it refers to is encrypted with the key old");
  }

  @Test
  void aPayloadThatDoesNotFitItsTypeWithTheResultsInItFailsItsJobForGood() {
    Job job = afterResult("13", 1).getFirst();

    assertThatThrownBy(() -> startAll(job))
        .hasMessageContaining("Failed")
        .hasMessageContaining("permanent=true")
        .hasMessageContaining("does not fit its type at /x/0: must be another number");
  }

  @Test
  void aJobThatRefersToAResultThatIsGoneFailsForGood() {
    Job job = afterResult("7", 1).getFirst();
    NodeRef node = Objects.requireNonNull(job.spec().node());
    JobId needed = world.memory.workflows().nodes(node.workflow(), 0, 1).getFirst().job();
    world.memory.deleteEnded(List.of(needed));

    assertThatThrownBy(() -> startAll(job))
        .hasMessageContaining("Failed")
        .hasMessageContaining("$from: \"a\": node a has no result: its job has been deleted");
  }

  /** Nodes that refer to the whole result of another, which has this one. */
  private List<Job> afterResult(String result, int count) {
    List<NodeSpec> nodes = new ArrayList<>();
    nodes.add(NewWorkflows.node("a"));
    for (int i = 0; i < count; i++) {
      JobSpec refers = JobSpec.of("echo", "{\"$from\":\"a\"}");
      nodes.add(new NodeSpec("b" + i, refers, null, List.of("a"), RunIf.ALL_SUCCEEDED, false));
    }
    NewWorkflow made = NewWorkflows.of(world.jobs, nodes.toArray(NodeSpec[]::new));
    world.memory.workflows().submit(made);
    Job first = made.jobs().getFirst().job();
    world.memory.save(List.of(first.succeed(result, null, clock.instant())));
    return made.jobs().stream().skip(1).map(each -> world.found(each.job().id())).toList();
  }

  /** So that nobody gives it another payload from then on. */
  @Test
  void aUniqueJobIsRunningBeforeItStarts() {
    Unique unique = new Unique(Unique.Within.QUEUE, "k", "0".repeat(64), Unique.UNTIL_ENDED, null);
    Job job = world.stored(world.jobs.aJob().with(it -> it.unique(unique)).queued());
    List<JobState> states = new ArrayList<>();

    admitter.admit(List.of(job), _ -> states.add(world.state(job)));

    assertThat(states).containsExactly(JobState.RUNNING);
  }

  @Test
  void aUniqueJobThatGotAnotherPayloadMeanwhileDoesNotStart() {
    Unique unique = new Unique(Unique.Within.QUEUE, "k", "0".repeat(64), Unique.UNTIL_ENDED, null);
    Job job = world.stored(world.jobs.aJob().with(it -> it.unique(unique)).queued());
    Job other = world.jobs.aJob().payload("2").with(it -> it.unique(unique)).queued();
    OnConflict replace = new OnConflict(OnConflict.Kind.REPLACE, null, null);
    Submission submission = new Submission(other, null, clock.instant(), replace);
    world.store.beforeNext("save", () -> world.memory.submit(List.of(submission)));

    assertThat(startAll(job)).isZero();

    assertThat(started).isEmpty();
    assertThat(held).isEmpty();
    assertThat(world.found(job.id()).spec().payload()).isEqualTo("2");
    assertThat(world.state(job)).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aSuspectStartsAloneAndTheStoreKnows() {
    Job suspect = world.stored(suspect());

    assertThat(startAll(suspect)).isZero();
    assertThat(quarantine.waiting()).hasSize(1);
    Turn.Trial trial = trial();
    assertThat(trial.alone()).isTrue();
    assertThat(startTrial(trial)).isOne();

    assertThat(started).containsExactly(suspect.attemptId());
    assertThat(world.found(suspect.id()).runsAlone()).isTrue();
    assertThat(quarantine.next()).isEqualTo(new Turn.Closed());
  }

  @Test
  void othersStartWhenTheTrialIsOverAndTheStoreKnows() {
    Job suspect = world.stored(suspect());
    startAll(suspect);
    startTrial(trial());
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(quarantine.next()).isInstanceOf(Turn.Join.class);
    assertThat(quarantine.next()).as("until it is recorded").isInstanceOf(Turn.Join.class);
    admitter.join(held.get(suspect.attemptId()));

    assertThat(world.found(suspect.id()).runsAlone()).isFalse();
    assertThat(world.state(suspect)).isEqualTo(JobState.RUNNING);
    assertThat(quarantine.next()).isEqualTo(new Turn.Open());
  }

  @Test
  void nothingStartsBesideASuspectWhileTheStoreIsDown() {
    Job suspect = world.stored(suspect());
    startAll(suspect);
    startTrial(trial());
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    world.store.down();

    assertThatThrownBy(() -> admitter.join(held.get(suspect.attemptId())))
        .isInstanceOf(UnavailableException.class);

    assertThat(quarantine.next()).isInstanceOf(Turn.Join.class);
  }

  @Test
  void aTrialEndsWithItsAttempt() {
    Job first = world.stored(suspect());
    Job second = world.stored(suspect());
    startAll(first, second);
    startTrial(trial());
    ActiveAttempt attempt = held.get(first.attemptId());
    assertThat(attempt.end()).isTrue();
    assertThat(quarantine.next()).as("not recorded").isEqualTo(new Turn.Closed());

    held.remove(first.attemptId()); // recorded

    assertThat(trial().suspect()).isEqualTo(second);
  }

  @Test
  void aSuspectWaitsForAnEmptyWorker() {
    Job other = world.stored(world.jobs.aQueuedJob());
    Job suspect = world.stored(suspect());
    assertThat(startAll(other, suspect)).isOne();
    idle.set(false);
    assertThat(quarantine.next()).isEqualTo(new Turn.Closed());

    held.remove(other.attemptId());
    assertThat(quarantine.next()).as("a handler still runs").isEqualTo(new Turn.Closed());
    idle.set(true);

    assertThat(trial().alone()).isTrue();
  }

  @Test
  void aSuspectThatHasWaitedForLongStartsBesideOthers() {
    Job other = world.stored(world.jobs.aQueuedJob());
    Job suspect = world.stored(suspect());
    startAll(other, suspect);
    assertThat(quarantine.next()).isEqualTo(new Turn.Closed());
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    Turn.Trial trial = trial();
    assertThat(trial.alone()).isFalse();
    startTrial(trial);

    assertThat(world.state(suspect)).isEqualTo(JobState.RUNNING);
    assertThat(world.found(suspect.id()).runsAlone()).isFalse();
  }

  @Test
  void whoeverLostTheMostWorkersIsTriedFirst() {
    Job twice = world.stored(suspect());
    Job thrice = world.stored(crashed(3));
    startAll(twice, thrice);

    assertThat(trial().suspect()).isEqualTo(thrice);
  }

  @Test
  void othersGetAsMuchTimeAsTrialsTook() {
    Job first = world.stored(suspect());
    Job second = world.stored(suspect());
    Job other = world.stored(world.jobs.aQueuedJob());
    startAll(first, second, other);
    assertThat(quarantine.next()).isEqualTo(new Turn.Closed());
    held.clear();
    startTrial(trial());
    nanos.addAndGet(Duration.ofSeconds(12).toNanos());
    held.clear();

    assertThat(quarantine.next()).isEqualTo(new Turn.Open());
    nanos.addAndGet(Duration.ofSeconds(12).toNanos() - 1);
    assertThat(quarantine.next()).isEqualTo(new Turn.Open());
    nanos.addAndGet(1);
    assertThat(quarantine.next()).isInstanceOf(Turn.Trial.class);
  }

  private Turn.Trial trial() {
    return (Turn.Trial) quarantine.next();
  }

  private int startTrial(Turn.Trial trial) {
    return admitter.admit(trial, attempt -> started.add(attempt.id())).held();
  }

  private Job suspect() {
    return crashed(2);
  }

  private Job crashed(int times) {
    return crashed(times, world.jobs.aQueuedJob());
  }

  private Job crashed(int times, Job job) {
    return times == 0 ? job : crashed(times - 1, job.rescue(clock.instant()).after());
  }
}
