package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.LimitUse;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.LimitUsage;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a {@link ReadyQueue} does for limits and groups. */
public abstract class ReadyQueueLimitsContract extends ReadyQueueContract {

  private static final Limits TWO = limits(2, null);
  private static final Limits ONE_PER_GROUP = limits(null, 1);
  private LimitTable limits = LimitTable.EMPTY;

  @BeforeEach
  void allThatRunsIsKnown() {
    ((ReadyQueueRebuild) queue).markRebuilt(ZERO);
  }

  @Test
  void noMoreJobsOfAQueueRunAtOnceThanItAllows() throws InterruptedException {
    limit(Map.of("q", TWO));
    push(messages("q", 5));

    List<Job> first = take(10);
    assertThat(first).hasSize(2);
    assertThat(take(10)).isEmpty();
    queue.ack(ids(first.subList(0, 1)));
    assertThat(take(10)).hasSize(1);
    assertThat(take(10)).isEmpty();
  }

  @Test
  void aQueueWithoutLimitsIsNotHeldBackByOneThatHas() throws InterruptedException {
    limit(Map.of("q", TWO));
    push(messages("q", 5));
    push(messages("other", 5));

    assertThat(queues(take(10))).containsExactlyInAnyOrder(names("q", 2, "other", 5));
  }

  @Test
  void noMoreJobsOfATypeRunAtOnceThanItAllows() throws InterruptedException {
    limits = new LimitTable(1, Map.of(), Map.of("echo", TWO));
    push(messages("q", 3));
    push(messages("r", 3));
    push(message("q", "greet", 9));

    List<Job> first = take(10);
    assertThat(first.stream().filter(job -> job.spec().type().equals("echo"))).hasSize(2);
    assertThat(first).hasSize(3);
    queue.ack(ids(first));
    assertThat(take(10)).hasSize(2);
  }

  @Test
  void noMoreJobsOfAGroupRunAtOnceThanItAllows() throws InterruptedException {
    limit(Map.of("q", ONE_PER_GROUP));
    push(grouped("a", 3));
    push(grouped("b", 2));
    push(messages("q", 2));

    List<Job> first = take(10);
    assertThat(groups(first)).containsExactlyInAnyOrder("a", "b", "none", "none");
    assertThat(take(10)).isEmpty();
    queue.ack(ids(of("a", first)));
    assertThat(groups(take(10))).containsExactly("a");
  }

  @Test
  void theLimitOfAGroupAndOfItsQueueBothHold() throws InterruptedException {
    limit(Map.of("q", limits(3, 2)));
    push(grouped("a", 5));
    push(grouped("b", 5));

    List<Job> first = take(10);
    assertThat(first).hasSize(3);
    assertThat(of("a", first).size()).isBetween(1, 2);
    queue.ack(ids(first));
    assertThat(take(10)).hasSize(3);
  }

  @Test
  void groupsOfTheSameNameInTwoQueuesAreTwo() throws InterruptedException {
    limit(Map.of("q", ONE_PER_GROUP, "r", ONE_PER_GROUP));
    push(grouped("q", "echo", "a", 5), grouped("q", "echo", "a", 5), grouped("r", "echo", "a", 5));

    assertThat(queues(take(10))).containsExactlyInAnyOrder("q", "r");
  }

  @Test
  void aGroupsLimitCountsItsJobsOfAllTypes() throws InterruptedException {
    limit(Map.of("q", ONE_PER_GROUP));
    push(
        grouped("q", "echo", "a", 5), grouped("q", "greet", "a", 4), grouped("q", "greet", "a", 5));

    List<Job> first = take(10);
    assertThat(types(first)).containsExactly("greet");
    queue.ack(ids(first));
    assertThat(types(take(10))).containsExactly("echo");
  }

  @Test
  void aGroupAtItsLimitHoldsNobodyBack() throws InterruptedException {
    limit(Map.of("q", ONE_PER_GROUP));
    push(grouped("a", 500));
    assertThat(take(10)).hasSize(1);
    push(grouped("b", 1));

    assertThat(groups(take(10))).containsExactly("b");
  }

  @Test
  void anyNameIsAGroup() throws InterruptedException {
    limit(Map.of("q", ONE_PER_GROUP));
    List<String> names =
        List.of("a b", "a%20b", "a/b", "漢 字", "%", "a/", "/", "-", "a".repeat(200));
    for (String name : names) {
      push(grouped(name, 2));
    }

    List<Job> first = take(100);
    assertThat(groups(first)).containsExactlyInAnyOrderElementsOf(names);
    queue.ack(ids(first));
    assertThat(groups(take(100))).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void groupsAreServedInTurn() throws InterruptedException {
    push(grouped("a", 10));
    push(grouped("b", 3));

    List<String> order = groups(take(8));
    assertThat(order.subList(0, 6).stream().filter("b"::equals)).hasSize(3);
    assertThat(order.subList(6, 8)).containsOnly("a");
  }

  @Test
  void jobsWithoutAGroupTakeTurnsAsOneGroup() throws InterruptedException {
    push(messages("q", 50));
    push(grouped("a", 4));

    assertThat(of("a", take(8))).hasSizeBetween(3, 4);
  }

  @Test
  void aGroupWithMoreWeightHasMoreTurns() throws InterruptedException {
    Limits weighted = new Limits(null, null, null, null, null, null, Map.of("a", 3));
    limit(Map.of("q", weighted));
    take(1);
    push(grouped("a", 60));
    push(grouped("b", 60));

    assertThat(of("a", take(40))).hasSizeBetween(29, 31);
  }

  @Test
  void priorityComesBeforeTurns() throws InterruptedException {
    push(grouped("q", "echo", "b", 9));
    push(grouped("a", 4));
    push(grouped("q", "echo", "a", 0));

    List<Job> taken = take(10);
    assertThat(groups(taken)).containsExactly("a", "a", "a", "a", "a", "b");
    assertThat(taken.getFirst().spec().priority()).isZero();
  }

  @Test
  void aGroupsJobsRunInTheOrderOfTheirArrival() throws InterruptedException {
    List<Job> jobs = grouped("a", 20);
    push(jobs);
    push(grouped("b", 20));

    assertThat(ids(of("a", take(40)))).containsExactlyElementsOf(ids(jobs));
  }

  @Test
  void whoeverComesNewWaitsForOneRoundAtMost() throws InterruptedException {
    for (String group : List.of("a", "b", "c")) {
      push(grouped(group, 50));
    }
    take(60);
    push(grouped("d", 10));

    List<String> order = groups(take(16));
    assertThat(order.stream().filter("d"::equals)).hasSizeBetween(3, 5);
    assertThat(order.indexOf("d")).isLessThanOrEqualTo(4);
  }

  @Test
  void jobsThatComeOneByOneGetNoMoreThanTheirTurns() throws InterruptedException {
    push(grouped("b", 20));
    push(grouped("a", 1));
    int ofA = 0;
    for (int i = 0; i < 10; i++) {
      if (groups(take(1)).equals(List.of("a"))) {
        ofA++;
        push(grouped("a", 1));
      }
    }

    assertThat(ofA).isBetween(3, 6);
  }

  @Test
  void aTakeOfOneTypeLeavesTheOthersOfAGroup() throws InterruptedException {
    push(
        grouped("q", "echo", "a", 1), grouped("q", "greet", "a", 5), grouped("q", "greet", "b", 3));

    assertThat(groups(takeTypes(Set.of("greet"), 10))).containsExactly("b", "a");
    assertThat(types(take(10))).containsExactly("echo");
  }

  @Test
  void groupsAreCountedInTheDepth() throws InterruptedException {
    limit(Map.of("q", ONE_PER_GROUP));
    assertThat(push(grouped("a", 3))).containsEntry("q", 3L);
    assertThat(push(messages("q", 2))).containsEntry("q", 5L);
    List<Job> taken = take(10);
    assertThat(queue.depth()).containsEntry("q", 2L);

    queue.release("w", taken);
    assertThat(queue.depth()).containsEntry("q", 5L);
    queue.ack(ids(of("a", taken)));
    assertThat(queue.depth()).containsEntry("q", 4L);
  }

  @Test
  void whatIsGivenBackComesFirstInItsGroupAndFreesItsLimit() throws InterruptedException {
    limit(Map.of("q", ONE_PER_GROUP));
    push(grouped("a", 3));
    List<Job> first = take(10);
    queue.release("w", first);

    assertThat(ids(take(10))).isEqualTo(ids(first));
    assertThat(take(10)).isEmpty();
  }

  @Test
  void aLaterAttemptOfARunningOneFreesItsLimit() throws InterruptedException {
    limit(Map.of("q", limits(1, null)));
    push(messages("q", 1));
    Job first = take(10).getFirst();
    assertThat(push(later(first))).containsEntry("q", 1L);

    assertThat(ids(take(10))).containsExactly(id(later(first)));
    assertThat(take(10)).isEmpty();
  }

  @Test
  void aLeaseThatWasTakenOverStillCounts() throws InterruptedException {
    limit(Map.of("q", limits(1, null)));
    push(messages("q", 2));
    Job silent =
        take(new TakeRequest("w", ALL, ALL, 9, QueueRoom.UNLIMITED, SHORT, ZERO, limits))
            .getFirst();
    letPass(SHORT.plusMillis(100));
    assertThat(queue.reclaimExpired("r", 10, LONG)).hasSize(1);

    assertThat(take(10)).isEmpty();
    queue.ack(List.of(id(silent)));
    assertThat(take(10)).hasSize(1);
  }

  @Test
  void anAttemptThatOnlyItsWorkerKnowsOfCounts() throws InterruptedException {
    limit(Map.of("q", limits(1, 1)));
    assertThat(take(10)).isEmpty();
    Job unknown = grouped("q", "echo", "a", 5);
    assertThat(extend("w", List.of(unknown), LONG)).isEmpty();
    assertThat(extend("w", List.of(unknown), LONG)).isEmpty();
    push(grouped("a", 1));

    assertThat(take(10)).isEmpty();
    queue.ack(List.of(id(unknown)));
    assertThat(take(10)).hasSize(1);
    assertThat(take(10)).isEmpty();
  }

  @Test
  void whatRunsWhenALimitComesCounts() throws InterruptedException {
    push(messages("q", 3));
    List<Job> running = take("w", 2);
    limit(Map.of("q", TWO));

    assertThat(take(10)).isEmpty();
    queue.ack(ids(running.subList(0, 1)));
    assertThat(take(10)).hasSize(1);
  }

  @Test
  void aHigherLimitIsInForceAtOnceAndALowerOneEndsNothing() throws InterruptedException {
    limit(Map.of("q", ONE_PER_GROUP));
    push(grouped("a", 10));
    List<Job> running = new ArrayList<>(take(10));
    limit(Map.of("q", limits(null, 4)));
    running.addAll(take(10));
    assertThat(running).hasSize(4);

    limit(Map.of("q", limits(null, 2)));
    assertThat(take(10)).isEmpty();
    queue.ack(ids(running.subList(0, 2)));
    assertThat(take(10)).isEmpty();
    queue.ack(ids(running.subList(2, 3)));
    assertThat(take(10)).hasSize(1);
  }

  @Test
  void limitsOfBeforeDoNotComeBack() throws InterruptedException {
    limit(Map.of("q", limits(1, null)));
    LimitTable former = limits;
    push(messages("q", 5));
    take(10);
    limit(Map.of());
    assertThat(take(1)).hasSize(1);
    limits = former;

    assertThat(take(10)).as("three of five are left").hasSize(3);
  }

  @Test
  void noMoreJobsStartThanTheRateAllows() throws InterruptedException {
    limit(Map.of("q", rate(1, Duration.ofMinutes(10), 3)));
    push(messages("q", 5));

    List<Job> first = take(10);
    assertThat(first).hasSize(3);
    queue.ack(ids(first));
    assertThat(take(10)).isEmpty();
  }

  @Test
  void tokensComeWithTime() throws InterruptedException {
    limit(Map.of("q", rate(2, SHORT.multipliedBy(2), 1)));
    push(messages("q", 3));
    assertThat(take(10)).hasSize(1);
    letPass(SHORT);

    assertThat(take(10)).hasSize(1);
  }

  @Test
  void aJobTakesAsManyTokensAsItCosts() throws InterruptedException {
    limit(Map.of("q", rate(1, Duration.ofMinutes(10), 5)));
    push(costly(3), costly(3), costly(1));

    assertThat(costs(take(10))).containsExactly(3); // the one after it may not be overtaken
  }

  @Test
  void aJobThatCostsMoreThanFitsStartsWhenTheBucketIsFull() throws InterruptedException {
    limit(Map.of("q", rate(1, Duration.ofMinutes(10), 2)));
    push(costly(9), costly(1));

    assertThat(costs(take(10))).containsExactly(9);
  }

  @Test
  void aHigherRateIsInForceAtOnce() throws InterruptedException {
    limit(Map.of("q", rate(1, Duration.ofHours(1), 2)));
    push(messages("q", 5));
    assertThat(take(10)).hasSize(2);
    limit(Map.of("q", rate(1_000, Duration.ofSeconds(1), 1_000)));

    assertThat(take(10)).hasSize(3);
  }

  @Test
  void aLowerRateGivesNoTokensBack() throws InterruptedException {
    limit(Map.of("q", rate(100, Duration.ofHours(1), 3)));
    push(messages("q", 5));
    assertThat(take(10)).hasSize(3);
    limit(Map.of("q", rate(1, Duration.ofHours(1), 3)));

    assertThat(take(10)).isEmpty();
  }

  @Test
  void aJobIsNotOvertakenByCheaperOnesOfItsType() throws InterruptedException {
    limits = new LimitTable(1, Map.of(), Map.of("echo", rate(1, Duration.ofMinutes(10), 5)));
    push(costly(4), costly(3), costly(1));

    assertThat(costs(take(10))).containsExactly(4);
    assertThat(take(10)).isEmpty();
  }

  @Test
  void aJobThatIsTooHeavyForATakeKeepsItsTokens() throws InterruptedException {
    limit(Map.of("q", rate(1, Duration.ofMinutes(10), 40)));
    String heavy = '"' + "x".repeat(300_000) + '"';
    for (int i = 0; i < 40; i++) {
      push(message("q", 5, heavy));
    }

    List<Job> first = take(100);
    assertThat(first).isNotEmpty();
    assertThat(take(100)).hasSize(40 - first.size());
  }

  @Test
  void aGroupThatWaitsForTokensGoesOnWithACheaperJobBeforeItsFirst() throws InterruptedException {
    Rate rate = new Rate(1, Duration.ofMinutes(10), 5);
    limit(Map.of("q", new Limits(null, null, null, rate, null, null, Map.of())));
    push(of("a", 4, 5), of("a", 3, 5));
    assertThat(costs(take(10))).containsExactly(4);
    assertThat(take(10)).isEmpty();
    push(of("a", 1, 0));

    assertThat(costs(take(10))).containsExactly(1);
  }

  private Job of(String group, int cost, int priority) {
    return job(
        JobSpec.builder("echo", "1").queue("q").group(group).cost(cost).priority(priority).build());
  }

  @Test
  void theRateOfAGroupHoldsBackNoOther() throws InterruptedException {
    Rate rate = new Rate(1, Duration.ofMinutes(10), 2);
    limit(Map.of("q", new Limits(null, null, null, rate, null, null, Map.of())));
    push(grouped("a", 5));
    push(grouped("b", 3));

    assertThat(groups(take(10))).containsExactlyInAnyOrder("a", "a", "b", "b");
  }

  @Test
  void aRateOfATypeHoldsInAllQueues() throws InterruptedException {
    limits = new LimitTable(1, Map.of(), Map.of("echo", rate(1, Duration.ofMinutes(10), 3)));
    push(messages("q", 3));
    push(messages("r", 3));

    assertThat(take(10)).hasSize(3);
  }

  @Test
  void whoWaitsIsWokenWhenAnAttemptEnds() throws Exception {
    limit(Map.of("q", ONE_PER_GROUP));
    push(grouped("a", 2));
    List<Job> first = take(10);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<List<Job>> waiting =
          waitingTake(
              threads, new TakeRequest("w", ALL, ALL, 10, QueueRoom.UNLIMITED, LONG, LONG, limits));
      queue.ack(ids(first));

      assertThat(waiting.get(2, TimeUnit.MINUTES)).hasSize(1);
    }
  }

  @Test
  void whoWaitsIsWokenWhenTokensCome() throws Exception {
    limit(Map.of("q", rate(1, SHORT, 1)));
    push(messages("q", 2));
    take(10);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<List<Job>> waiting =
          waitingTake(
              threads, new TakeRequest("w", ALL, ALL, 10, QueueRoom.UNLIMITED, LONG, LONG, limits));
      letPass(SHORT);

      assertThat(waiting.get(2, TimeUnit.MINUTES)).hasSize(1);
    }
  }

  @Test
  void nothingLimitedStartsWhileAttemptsMayRunUnheard() throws InterruptedException {
    limit(Map.of("q", limits(1, null)));
    push(messages("q", 2));
    List<Job> taken;
    long begun;
    do { // again when this machine stood still for so long that they are heard of
      begun = System.nanoTime();
      push(messages("other", 2));
      ((ReadyQueueRebuild) queue).markRebuilt(SHORT);
      taken = take(10);
      taken.stream()
          .filter(job -> job.spec().queue().equals("q"))
          .forEach(job -> queue.release("w", List.of(job)));
    } while (queues(taken).contains("q") && isLate(begun));

    assertThat(queues(taken)).containsExactly("other", "other");
    letPass(SHORT.plusMillis(100));
    assertThat(queues(take(10))).containsExactly("q");
  }

  /**
   * Whatever is pushed, taken, ended, given back and taken over while limits change: no more is
   * leased than they allow at that moment, and in the end nothing is left behind.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void limitsHoldInAnyHistory(long seed) throws InterruptedException {
    Random random = new Random(seed);
    Map<AttemptId, Job> leased = new LinkedHashMap<>();
    int pushed = 0;
    int ended = 0;
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(6)) {
        case 0 ->
            limits =
                new LimitTable(step + 1, randomLimits(random), Map.of("greet", limits(3, null)));
        case 1, 2 -> {
          List<Job> jobs = new ArrayList<>();
          for (int i = random.nextInt(20); i >= 0; i--) {
            jobs.add(randomJob(random));
          }
          pushed += jobs.size();
          push(jobs);
        }
        case 3, 4 -> {
          for (Job job : take(1 + random.nextInt(20))) {
            assertThat(leased.put(id(job), job)).as("leased twice, " + Seeds.told(seed)).isNull();
            requireAllowed(job, leased.values());
          }
        }
        default -> {
          List<Job> some =
              leased.values().stream().filter(_ -> random.nextInt(3) == 0).limit(30).toList();
          some.forEach(job -> leased.remove(id(job)));
          if (random.nextInt(3) == 0) {
            queue.release("w", some);
          } else {
            queue.ack(ids(some));
            ended += some.size();
          }
        }
      }
    }

    for (List<Job> rest = List.copyOf(leased.values()); !rest.isEmpty(); rest = take(200)) {
      ended += rest.size();
      queue.ack(ids(rest));
    }
    limits = new LimitTable(1_000, Map.of(), Map.of());
    for (List<Job> rest = take(1_000); !rest.isEmpty(); rest = take(1_000)) {
      ended += rest.size();
      queue.ack(ids(rest));
    }
    assertThat(ended).as(Seeds.told(seed)).isEqualTo(pushed);
    assertThat(queue.depth().values()).allMatch(depth -> depth == 0);
  }

  static LongStream seeds() {
    return Seeds.of(3);
  }

  /** Nothing of the kind started beyond the limits that are in force. */
  private void requireAllowed(Job started, Collection<Job> leased) {
    JobSpec spec = started.spec();
    Limits ofQueue = limits.ofQueue(spec.queue());
    List<JobSpec> specs = leased.stream().map(Job::spec).toList();
    requireAtMost(
        ofQueue.concurrency(), specs.stream().filter(each -> each.queue().equals(spec.queue())));
    requireAtMost(
        limits.ofType(spec.type()).concurrency(),
        specs.stream().filter(each -> each.type().equals(spec.type())));
    if (spec.group() != null) {
      requireAtMost(
          ofQueue.concurrencyPerGroup(),
          specs.stream()
              .filter(each -> each.queue().equals(spec.queue()))
              .filter(each -> spec.group().equals(each.group())));
    }
  }

  private static void requireAtMost(@Nullable Integer most, Stream<JobSpec> running) {
    if (most != null) {
      assertThat(running.count()).isLessThanOrEqualTo(most);
    }
  }

  private static Map<String, Limits> randomLimits(Random random) {
    Map<String, Limits> limits = new HashMap<>();
    for (String queueName : List.of("q", "r")) {
      if (random.nextInt(4) > 0) {
        limits.put(
            queueName,
            limits(
                random.nextBoolean() ? null : 1 + random.nextInt(20),
                random.nextInt(4) == 0 ? null : 1 + random.nextInt(3)));
      }
    }
    return limits;
  }

  private Job randomJob(Random random) {
    int group = random.nextInt(51);
    return job(
        JobSpec.builder(random.nextInt(4) == 0 ? "greet" : "echo", "1")
            .queue(random.nextBoolean() ? "q" : "r")
            .group(group == 50 ? null : "group " + group)
            .priority(random.nextInt(10))
            .build());
  }

  @Test
  void aPausedGroupOfAQueueWithoutLimitsStartsNothingAndDelaysNobody() throws InterruptedException {
    push(grouped("a", 1_000));
    pause("q", "a");
    push(grouped("b", 2));
    push(messages("q", 1));
    push(grouped("other", "echo", "a", 5));

    List<Job> taken = take(10);
    assertThat(groups(taken)).containsExactlyInAnyOrder("b", "b", "none", "a");
    assertThat(queues(of("a", taken))).containsExactly("other");
    push(grouped("q", "greet", "a", 0));
    queue.release("w", taken);
    assertThat(groups(take(10))).containsExactlyInAnyOrder("b", "b", "none", "a");
    assertThat(take(10)).isEmpty();
  }

  @Test
  void aResumedGroupStartsAtOnceUnderItsLimits() throws InterruptedException {
    push(grouped("a", 3));
    limit(Map.of("q", limits(null, 2)));
    pause("q", "a");
    assertThat(take(10)).isEmpty();
    assertThat(queue.depth()).containsEntry("q", 3L);

    limit(Map.of("q", limits(null, 2)));
    assertThat(take(10)).hasSize(2);
  }

  @Test
  void whatRunsOfAPausedGroupGoesOnAndIsCounted() throws InterruptedException {
    limit(Map.of("q", limits(null, 2)));
    push(grouped("a", 3));
    List<Job> running = take(1);
    pause("q", "a");

    assertThat(queue.extend("w", List.of(Envelope.of(running.getFirst())), LONG)).isEmpty();
    assertThat(((LimitUsage) queue).of(running.getFirst().spec()).group())
        .contains(new LimitUse(1, 2, null));
    queue.ack(ids(running));
    assertThat(take(10)).isEmpty();
  }

  @Test
  void aGroupOfAnyNameIsPausedAndNoOther() throws InterruptedException {
    String strange = "a/b %20\u2702\ud83d\ude00" + "\u6f22".repeat(190);
    pause("q", strange);
    push(grouped(strange, 1));
    push(grouped("a/b", 1));

    assertThat(groups(take(10))).containsExactly("a/b");
  }

  @Test
  void aClosedGroupStartsNothingAndDelaysNobody() throws InterruptedException {
    push(grouped("a b/%20", 500));
    push(grouped("b", 1));
    push(messages("q", 1));
    push(grouped("other", "echo", "a b/%20", 5));
    closings().close(Destination.group("q", "a b/%20"), Duration.ofHours(1));

    List<Job> taken = take(10);
    assertThat(groups(taken)).containsExactlyInAnyOrder("b", "none", "a b/%20");
    push(grouped("q", "greet", "a b/%20", 0));
    queue.ack(ids(taken));
    limit(Map.of("q", limits(null, 9)));
    assertThat(take(10)).isEmpty();
    assertThat(closings().closed().keySet()).containsExactly(Destination.group("q", "a b/%20"));
  }

  @Test
  void aGroupThatIsOpenAgainStartsByItself() throws InterruptedException {
    push(grouped("a", 2));
    List<Job> taken;
    long begun;
    do { // again when this machine stood still for so long that it is open again
      begun = System.nanoTime();
      closings().close(Destination.group("q", "a"), SHORT);
      closings().close(Destination.group("q", "a"), Duration.ofMillis(1));
      taken = take(10);
      queue.release("w", taken);
    } while (!taken.isEmpty() && isLate(begun));
    assertThat(taken).isEmpty();

    letPass(SHORT);
    assertThat(take(10)).hasSize(2);
    assertThat(closings().closed()).isEmpty();
  }

  @Test
  void aTakeThatWaitsGetsTheJobsOfAGroupThatOpens() throws InterruptedException {
    push(grouped("a", 1));
    closings().close(Destination.group("q", "a"), SHORT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Job>> taken = waitingTake(threads, List.of("q"));
      letPass(SHORT);
      assertThat(taken).succeedsWithin(Duration.ofMinutes(2)).asInstanceOf(LIST).hasSize(1);
    }
  }

  @Test
  void closedHostsAreRemembered() {
    Destination host = Destination.host("http://h.test:80");
    closings().close(host, Duration.ofMinutes(1));
    closings().close(host, Duration.ofHours(1));
    closings().close(host, Duration.ofSeconds(1));

    assertThat(closings().closed().get(host))
        .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
  }

  @Test
  void ofTooManyThatAreClosedThoseAreForgottenThatOpenFirst() {
    closings().close(Destination.host("http://first"), Duration.ofMinutes(1));
    for (int i = 0; i < ClosedDestinations.MOST; i++) {
      closings().close(Destination.host("http://h" + i), Duration.ofHours(1));
    }

    assertThat(closings().closed())
        .hasSize(ClosedDestinations.MOST)
        .doesNotContainKey(Destination.host("http://first"));
  }

  private ClosedDestinations closings() {
    return (ClosedDestinations) queue;
  }

  @Test
  void saysHowMuchOfTheLimitsIsUsed() throws InterruptedException {
    Rate rate = new Rate(1, Duration.ofHours(1), 2);
    Limits ofQueue = new Limits(7, 2, rate, null, null, null, Map.of());
    limits = new LimitTable(1, Map.of("q", ofQueue), Map.of("greet", TWO));
    JobSpec next = grouped("q", "echo", "a", 5).spec();
    push(grouped("q", "echo", "a", 5), grouped("q", "greet", "b", 5));
    assertThat(take(10)).hasSize(2);

    LimitUsage.Uses uses = ((LimitUsage) queue).of(next);
    assertThat(uses.type()).isEmpty();
    assertThat(uses.group()).contains(new LimitUse(1, 2, null));
    LimitUse use = uses.queue().orElseThrow();
    assertThat(use.running()).isEqualTo(2);
    assertThat(use.concurrency()).isEqualTo(7);
    assertThat(use.tokensIn()).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
    assertThat(((LimitUsage) queue).of(grouped("r", "greet", "a", 5).spec()))
        .isEqualTo(
            new LimitUsage.Uses(
                Optional.empty(), Optional.of(new LimitUse(1, 2, null)), Optional.empty()));
  }

  private List<Job> take(int most) throws InterruptedException {
    return take(new TakeRequest("w", ALL, ALL, most, QueueRoom.UNLIMITED, LONG, ZERO, limits));
  }

  private void limit(Map<String, Limits> ofQueues) {
    limits = new LimitTable(limits.version() + 1, ofQueues, Map.of());
  }

  /** Pauses a group, under the limits as they are. */
  private void pause(String queueName, String group) {
    limits =
        new LimitTable(
            limits.version() + 1,
            limits.queues(),
            limits.types(),
            Map.of(queueName, Set.of(group)));
  }

  private static Limits limits(@Nullable Integer all, @Nullable Integer perGroup) {
    return new Limits(all, perGroup, null, null, null, null, Map.of());
  }

  private static Limits rate(int tokens, Duration per, int burst) {
    Rate rate = new Rate(tokens, per, burst);
    return new Limits(null, null, rate, null, null, null, Map.of());
  }

  private List<Job> grouped(String group, int count) {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(grouped("q", "echo", group, 5));
    }
    return jobs;
  }

  private Job grouped(String queueName, String type, String group, int priority) {
    return job(JobSpec.builder(type, "1").queue(queueName).priority(priority).group(group).build());
  }

  private Job costly(int cost) {
    return job(JobSpec.builder("echo", "1").queue("q").cost(cost).build());
  }

  private Job job(JobSpec spec) {
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  private static List<Job> of(String group, List<Job> jobs) {
    return jobs.stream().filter(job -> group.equals(job.spec().group())).toList();
  }

  private static List<String> groups(List<Job> jobs) {
    return jobs.stream()
        .map(job -> Objects.requireNonNullElse(job.spec().group(), "none"))
        .toList();
  }

  private static List<String> queues(List<Job> jobs) {
    return jobs.stream().map(job -> job.spec().queue()).toList();
  }

  private static List<String> types(List<Job> jobs) {
    return jobs.stream().map(job -> job.spec().type()).toList();
  }

  private static List<Integer> costs(List<Job> jobs) {
    return jobs.stream().map(job -> job.spec().cost()).toList();
  }

  private static String[] names(String first, int count, String second, int more) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(first);
    }
    for (int i = 0; i < more; i++) {
      names.add(second);
    }
    return names.toArray(String[]::new);
  }
}
