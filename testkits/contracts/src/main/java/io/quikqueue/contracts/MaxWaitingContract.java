package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a {@link io.quikqueue.domain.port.JobStore} keeps to the number of jobs that may wait. */
public abstract class MaxWaitingContract extends StoreContract {

  @Test
  void oneMoreThanMayWaitIsRefused() {
    assertThat(submit(inQueue("a", 2), inQueue("a", 2), inQueue("a", 2), inQueue("a", 2)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            MaxWaitingContract::accepted,
            third -> assertThat(third).isEqualTo(new SubmitResult.Full("a", null, 2, 2)),
            fourth -> assertThat(fourth).isEqualTo(new SubmitResult.Full("a", null, 2, 2)));
    assertThat(stores.queues().find("a").orElseThrow().submitted()).isEqualTo(2);
    assertThat(submit(inQueue("a", 2)).getFirst()).isInstanceOf(SubmitResult.Full.class);
    accepted(submit(inQueue("a", 3)).getFirst());
  }

  @Test
  void otherQueuesAndThoseWithoutALimitAreNotConcerned() {
    submit(inQueue("a", 1));

    assertThat(submit(inQueue("b", 1), inQueue("a", 1), inQueue("c", null), inQueue("b", 1)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            second -> assertThat(second).isEqualTo(new SubmitResult.Full("a", null, 1, 1)),
            MaxWaitingContract::accepted,
            fourth -> assertThat(fourth).isEqualTo(new SubmitResult.Full("b", null, 1, 1)));
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsIsWhatIsNotOverAndNotRunning(JobState state) {
    stored(jobs.aJob().queue("a"), state);

    SubmitResult next = submit(inQueue("a", 1)).getFirst();

    assertThat(next instanceof SubmitResult.Full).isEqualTo(state.waiting());
  }

  @Test
  void jobsThatWereThereBeforeTheLimitCount() {
    submit(inQueue("a", null), inQueue("a", null), inQueue("a", null));

    assertThat(submit(inQueue("a", 2)).getFirst())
        .isEqualTo(new SubmitResult.Full("a", null, 3, 2));
  }

  @Test
  void aJobThatComesBackCountsAndIsNotRefused() {
    Job first = job(inQueue("a", 1));
    submitted(first);
    Job running = saved(first, Verb.START);
    accepted(submit(inQueue("a", 1)).getFirst());

    saved(running, Verb.FAIL);

    assertThat(submit(inQueue("a", 1)).getFirst())
        .isEqualTo(new SubmitResult.Full("a", null, 2, 1));
  }

  @Test
  void anEarlierRequestIsAnsweredWhenTheQueueIsFull() {
    IdempotencyKey key = Jobs.aKey("k", 1);
    Submission first = inQueue("a", 1, key);
    accepted(submit(first).getFirst());

    assertThat(submit(inQueue("a", 1, key)).getFirst())
        .isEqualTo(new SubmitResult.Replayed(first.job()));
  }

  @Test
  void aRefusedJobDoesNotUseUpItsKey() {
    Job holder = job(inQueue("a", 1));
    submitted(holder);
    IdempotencyKey key = Jobs.aKey("k", 1);
    assertThat(submit(inQueue("a", 1, key), inQueue("a", 1, key)))
        .containsOnly(new SubmitResult.Full("a", null, 1, 1));
    saved(holder, Verb.CANCEL);

    accepted(submit(inQueue("a", 1, Jobs.aKey("k", 2))).getFirst());
  }

  @Test
  void aJobThatIsStoredAlreadyIsNotRefused() {
    Submission first = inQueue("a", 1);
    submit(first);

    assertThat(submit(first, inQueue("a", 1)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            second -> assertThat(second).isEqualTo(new SubmitResult.Full("a", null, 1, 1)));
  }

  @Test
  void oneMoreOfAGroupThanMayWaitIsRefused() {
    assertThat(submit(inGroup("a", "g", 2), inGroup("a", "g", 2), inGroup("a", "g", 2)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            MaxWaitingContract::accepted,
            third -> assertThat(third).isEqualTo(new SubmitResult.Full("a", "g", 2, 2)));
    assertThat(submit(inGroup("a", "h", 2), inGroup("b", "g", 2), inGroup("a", "G", 2)))
        .allSatisfy(MaxWaitingContract::accepted);
    assertThat(submit(inGroup("a", "g", 2)).getFirst()).isInstanceOf(SubmitResult.Full.class);
    accepted(submit(inGroup("a", "g", 3)).getFirst());
    accepted(submit(inQueue("a", null)).getFirst());
  }

  @Test
  void bothLimitsHoldAndTheQueueIsNamedFirst() {
    MaxWaiting both = new MaxWaiting(2, 1);
    assertThat(submit(grouped("a", "g", both), grouped("a", "g", both), grouped("a", "h", both)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            second -> assertThat(second).isEqualTo(new SubmitResult.Full("a", "g", 1, 1)),
            MaxWaitingContract::accepted);
    assertThat(submit(grouped("a", "g", both)).getFirst())
        .isEqualTo(new SubmitResult.Full("a", null, 2, 2));
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsOfAGroupIsWhatIsNotOverAndNotRunning(JobState state) {
    stored(counted("a", "g"), state);

    SubmitResult next = submit(inGroup("a", "g", 1)).getFirst();

    assertThat(next instanceof SubmitResult.Full).isEqualTo(state.waiting());
  }

  @Test
  void whateverHappensToItAJobCountsInItsGroupOnce() {
    Job job = submitted(counted("a", "g").queued());
    full("g", 1);
    job = saved(job, Verb.START);
    full("g", 0);
    job = saved(job, Verb.RELEASE);
    full("g", 1);
    job = saved(saved(job, Verb.FAIL), Verb.WAKE);
    full("g", 1);
    job = saved(job, Verb.SUSPEND);
    full("g", 1);
    Job before = job;
    Job moved = saved(job.move(new Move(1, "b"), tick()));
    assertThat(save(before.wake(tick()))).isEmpty();
    full("g", 0);
    assertThat(submit(inGroup("b", "g", 1)).getFirst())
        .isEqualTo(new SubmitResult.Full("b", "g", 1, 1));
    job = saved(saved(moved.move(new Move(1, "a"), tick())), Verb.CANCEL);
    full("g", 0);
    saved(job, Verb.RETRY);
    full("g", 1);
    stores.jobs().prune(tick().plusSeconds(3600), 1000);
    full("g", 1);
  }

  /** A group in which this many wait has room for one more, and no more. */
  private void full(String group, int waiting) {
    if (waiting > 0) {
      assertThat(submit(inGroup("a", group, waiting)).getFirst())
          .isEqualTo(new SubmitResult.Full("a", group, waiting, waiting));
    }
    Submission one = inGroup("a", group, waiting + 1);
    accepted(submit(one).getFirst());
    saved(one.job(), Verb.SUCCEED);
  }

  @Test
  void jobsOfAGroupThatWereThereBeforeItsLimitDoNotCount() {
    submitted(jobs.aJob().queue("a").group("g").queued());

    accepted(submit(inGroup("a", "g", 1)).getFirst());
  }

  @Test
  void manyGroupsAreLimitedAtOnce() {
    Submission[] first = new Submission[450];
    Submission[] second = new Submission[450];
    for (int i = 0; i < first.length; i++) {
      first[i] = inGroup("a", "group " + i + " \u20AC", 1);
      second[i] = inGroup("a", "group " + i + " \u20AC", 1);
    }

    assertThat(submit(first)).allSatisfy(MaxWaitingContract::accepted);
    assertThat(submit(second)).hasOnlyElementsOfType(SubmitResult.Full.class);
  }

  @Test
  void concurrentSubmitsOfGroupsAndEndsOfTheirJobsCountExactly() throws InterruptedException {
    List<Callable<List<SubmitResult>>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String mine = i % 2 == 0 ? "g" : "h";
      List<Job> ending = new ArrayList<>();
      for (int j = 0; j < 10; j++) {
        ending.add(submitted(counted("a", j % 2 == 0 ? "g" : "h").queued()));
      }
      List<Submission> ten = Stream.generate(() -> inGroup("a", mine, 100)).limit(10).toList();
      tasks.add(() -> stores.jobs().submit(ten));
      tasks.add(
          () -> {
            for (Job job : ending) {
              save(job.succeed(null, null, jobs.now()));
            }
            return List.of();
          });
    }

    assertThat(atOnce(tasks).stream().flatMap(List::stream))
        .hasSize(40)
        .allSatisfy(MaxWaitingContract::accepted);

    for (String group : List.of("g", "h")) {
      assertThat(submit(inGroup("a", group, 20)).getFirst())
          .isEqualTo(new SubmitResult.Full("a", group, 20, 20));
    }
  }

  @Test
  void concurrentSubmitsTogetherKeepToTheLimit() throws InterruptedException {
    List<Callable<List<SubmitResult>>> submits = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Submission[] ten =
          Stream.generate(() -> inQueue("a", 25)).limit(10).toArray(Submission[]::new);
      submits.add(() -> submit(ten));
    }

    List<SubmitResult> answers = atOnce(submits).stream().flatMap(List::stream).toList();

    assertThat(answers).filteredOn(SubmitResult.Accepted.class::isInstance).hasSize(25);
    assertThat(answers)
        .filteredOn(SubmitResult.Full.class::isInstance)
        .hasSize(15)
        .containsOnly(new SubmitResult.Full("a", null, 25, 25));
  }

  @Test
  void oneTooManyThatIsToBeDroppedIsStoredAsCancelledWithItsCause() {
    MaxWaiting one = new MaxWaiting(1, null, OnLimit.DROP_NEW);
    Submission first = limited(jobs.aJob().queue("a"), one, null);
    Submission second = limited(jobs.aJob().queue("a"), one, null);

    List<SubmitResult> answers = submit(first, second);

    accepted(answers.getFirst());
    Job dropped = ((SubmitResult.Dropped) answers.get(1)).job();
    assertThat(dropped.id()).isEqualTo(job(second).id());
    assertThat(dropped.state()).isEqualTo(JobState.CANCELLED);
    assertThat(dropped.note())
        .isEqualTo("cancelled: queue \"a\" had 1 jobs waiting, and may have 1");
    assertThat(stores.jobs().find(List.of(dropped.id()))).containsValue(dropped);
    assertThat(dropped.can(Verb.RETRY)).isTrue();
    QueueFigures figures = stores.queues().find("a").orElseThrow();
    assertThat(figures.submitted()).isEqualTo(2);
    assertThat(figures.finished()).isEqualTo(1);
    assertThat(figures.jobs())
        .containsOnly(Map.entry(JobState.QUEUED, 1L), Map.entry(JobState.CANCELLED, 1L));
    assertThat(stores.timers().due(dropped.createdAt().plusSeconds(1_000_000), 10)).isEmpty();
  }

  @Test
  void whatIsSubmittedAgainIsDroppedOnceAndReplayedAsThat() {
    MaxWaiting none = new MaxWaiting(1, null, OnLimit.DROP_NEW);
    accepted(submit(limited(jobs.aJob().queue("a"), none, null)).getFirst());
    IdempotencyKey key = new IdempotencyKey("k", "f".repeat(64));
    Submission once = limited(jobs.aJob().queue("a"), none, key);
    Submission again = limited(jobs.aJob().queue("a"), none, key);

    Job dropped = ((SubmitResult.Dropped) submit(once).getFirst()).job();

    assertThat(submit(again)).containsExactly(new SubmitResult.Replayed(dropped));
    assertThat(((SubmitResult.Dropped) submit(once).getFirst()).job().state())
        .isEqualTo(JobState.CANCELLED);
    assertThat(stores.queues().find("a").orElseThrow().submitted()).isEqualTo(2);
  }

  @Test
  void whatIsDroppedTellsOfItsEndAndStandsInNoLineAndHoldsNoSlot() {
    MaxWaiting one = new MaxWaiting(1, null, OnLimit.DROP_NEW);
    Callback callback = new Callback("http://localhost/", Set.of(JobState.CANCELLED));
    JobFixture all =
        jobs.aJob()
            .queue("a")
            .with(
                it ->
                    it.orderingKey("o")
                        .callback(callback)
                        .unique(
                            new Unique(
                                Unique.Within.QUEUE,
                                "u",
                                "0".repeat(64),
                                Unique.UNTIL_ENDED,
                                null)));
    accepted(submit(limited(jobs.aJob().queue("a"), one, null)).getFirst());

    SubmitResult.Dropped dropped =
        (SubmitResult.Dropped) submit(limited(all, one, null)).getFirst();

    Job told = Objects.requireNonNull(dropped.callback());
    assertThat(stores.jobs().find(List.of(told.id()))).containsValue(told);
    assertThat(told.state()).isEqualTo(JobState.QUEUED);
    Job next =
        ((SubmitResult.Accepted) submit(limited(all, MaxWaiting.ANY, null)).getFirst()).job();
    assertThat(next.state()).isEqualTo(JobState.QUEUED);
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RETRYING"})
  void theOldestThatWaitBeyondTheMostAreFound(JobState state) {
    Job oldest = stored(jobs.aJob().queue("a"), state);
    Job running = stored(jobs.aJob().queue("a"), JobState.RUNNING);
    List<SubmitResult> more =
        submit(
            limited(jobs.aJob().queue("a").priority(9), MaxWaiting.ANY, null),
            limited(jobs.aJob().queue("a").priority(0), MaxWaiting.ANY, null),
            limited(jobs.aJob().queue("b"), MaxWaiting.ANY, null));

    assertThat(beyond("a", null, 3)).isEmpty();
    assertThat(beyond("a", null, 2)).containsExactly(oldest.id());
    assertThat(beyond("a", null, 1)).containsExactly(oldest.id(), idOf(more.getFirst()));
    assertThat(stores.queues().oldestBeyond("a", null, 0, 2))
        .containsExactly(oldest.id(), idOf(more.getFirst()));
    assertThat(beyond("a", null, 0)).hasSize(3).doesNotContain(running.id());
    assertThat(beyond("none", null, 0)).isEmpty();
  }

  @Test
  void theOldestOfAGroupAreThoseThatCountThere() {
    MaxWaiting most = new MaxWaiting(null, 2, OnLimit.CANCEL_OLDEST);
    submit(limited(jobs.aJob().queue("a").group("é"), MaxWaiting.ANY, null));
    List<SubmitResult> counted =
        submit(
            limited(counted("a", "é").priority(9), most, null),
            limited(counted("a", "other"), most, null),
            limited(counted("a", "é").priority(1), most, null),
            limited(counted("a", "é"), most, null));

    assertThat(counted).allSatisfy(MaxWaitingContract::accepted);
    assertThat(beyond("a", "é", 2)).containsExactly(idOf(counted.getFirst()));
    assertThat(beyond("a", "é", 1)).containsExactly(idOf(counted.getFirst()), idOf(counted.get(2)));
    assertThat(beyond("a", "other", 1)).isEmpty();
  }

  private List<JobId> beyond(String queue, @Nullable String group, int most) {
    return stores.queues().oldestBeyond(queue, group, most, 1_000);
  }

  private static JobId idOf(SubmitResult accepted) {
    return ((SubmitResult.Accepted) accepted).job().id();
  }

  private static Submission limited(
      JobFixture fixture, MaxWaiting most, @Nullable IdempotencyKey key) {
    Job job = fixture.queued();
    return new Submission(job, key, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE), most);
  }

  private List<SubmitResult> submit(Submission... submissions) {
    return stores.jobs().submit(List.of(submissions));
  }

  private static void accepted(SubmitResult answer) {
    assertThat(answer).isInstanceOf(SubmitResult.Accepted.class);
  }

  private static Job job(Submission submission) {
    return submission.job();
  }

  @Test
  void oneMoreOfAnOwnerThanMayWaitIsRefusedWhateverItsQueue() {
    assertThat(submit(owned("a", "key:1", 2), owned("b", "key:1", 2), owned("a", "key:1", 2)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            MaxWaitingContract::accepted,
            third -> assertThat(third).isEqualTo(new SubmitResult.Full("a", null, "key:1", 2, 2)));
    accepted(submit(owned("a", "key:2", 2)).getFirst());
    accepted(submit(inQueue("a", null)).getFirst());
    accepted(submit(owned("a", "key:1", 3)).getFirst());
  }

  @ParameterizedTest
  @EnumSource
  void oneTooManyOfAnOwnerIsRefusedWhateverAQueueSays(OnLimit onLimit) {
    submit(owned("a", "key:1", 1));
    MaxWaiting most = new MaxWaiting(5, null, onLimit, new MaxWaiting.OfOwner("key:1", 1));

    assertThat(submit(owned("a", "key:1", most)).getFirst())
        .isEqualTo(new SubmitResult.Full("a", null, "key:1", 1, 1));
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsOfAnOwnerIsWhatIsNotOverAndNotRunning(JobState state) {
    stored(jobs.aJob().queue("a").with(it -> it.owner("key:1")), state);

    SubmitResult next = submit(owned("b", "key:1", 1)).getFirst();

    assertThat(next instanceof SubmitResult.Full).isEqualTo(state.waiting());
  }

  @Test
  void whateverHappensToItAJobCountsForItsOwnerOnce() {
    Job job = ((SubmitResult.Accepted) submit(owned("a", "key:1", 9)).getFirst()).job();
    ownerHas(1);
    job = saved(job, Verb.START);
    ownerHas(0);
    job = saved(saved(job, Verb.RELEASE).move(new Move(1, "b"), tick()));
    ownerHas(1);
    job = saved(job, Verb.CANCEL);
    ownerHas(0);
    saved(job, Verb.RETRY);
    ownerHas(1);
  }

  private void ownerHas(int waiting) {
    assertThat(submit(owned("c", "key:1", waiting)).getFirst())
        .isEqualTo(new SubmitResult.Full("c", null, "key:1", waiting, waiting));
  }

  private Submission owned(String queue, String owner, int most) {
    return owned(queue, owner, MaxWaiting.ANY.of(new MaxWaiting.OfOwner(owner, most)));
  }

  private Submission owned(String queue, String owner, MaxWaiting most) {
    Job job = jobs.aJob().queue(queue).with(it -> it.owner(owner)).queued();
    return new Submission(job, null, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE), most);
  }

  private Submission inGroup(String queue, String group, int most) {
    return grouped(queue, group, new MaxWaiting(null, most));
  }

  private Submission grouped(String queue, String group, MaxWaiting most) {
    Job job = counted(queue, group).queued();
    return new Submission(job, null, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE), most);
  }

  private JobFixture counted(String queue, String group) {
    return jobs.aJob().queue(queue).group(group).with(it -> it.countedInGroup(true));
  }

  private Submission inQueue(String queue, @Nullable Integer most) {
    return inQueue(queue, most, null);
  }

  private Submission inQueue(String queue, @Nullable Integer most, @Nullable IdempotencyKey key) {
    Job job = jobs.aJob().queue(queue).queued();
    return new Submission(
        job, key, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE), new MaxWaiting(most, null));
  }
}
