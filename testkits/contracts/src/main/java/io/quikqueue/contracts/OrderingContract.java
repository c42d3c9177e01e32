package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a {@link io.quikqueue.domain.port.JobStore} guarantees about jobs of one ordering key: they
 * become ready one at a time in the order in which they were submitted, the next one in the
 * transaction that ends the one before, however that ends.
 */
public abstract class OrderingContract extends StoreContract {

  @Test
  void onlyTheFirstOfALineIsReady() {
    Job first = accepted(keyed().queued());
    Job second = accepted(keyed().queued());
    Job third = accepted(keyed().queued());

    assertThat(first.state()).isEqualTo(JobState.QUEUED);
    assertThat(List.of(second, third)).extracting(Job::state).containsOnly(JobState.WAITING);
    assertThat(found(second.id())).isEqualTo(second);
    assertThat(found(third.id())).isEqualTo(third);
    assertThat(outboxed()).containsExactly(first);
    assertThat(stores.queues().find("default").orElseThrow().jobs())
        .isEqualTo(Map.of(JobState.QUEUED, 1L, JobState.WAITING, 2L));
    assertThat(stores.dependencies().needs(first.id())).isEmpty();
    assertThat(stores.dependencies().needs(second.id())).contains(first.id());
    assertThat(stores.dependencies().needs(third.id())).contains(second.id());
  }

  @ParameterizedTest
  @EnumSource(names = {"DONE", "FAILED", "CANCELLED", "EXPIRED"})
  void howeverTheFirstEndsTheNextIsReadyInTheSameTransaction(JobState end) {
    Job first = accepted(keyed().queued());
    Job second = accepted(keyed().queued());
    Job third = accepted(keyed().queued());

    SaveResult result = stores.jobs().save(List.of(ended(first, end)));

    Job released = found(second.id());
    assertThat(released.state()).isEqualTo(JobState.QUEUED);
    assertThat(released.attempt()).isEqualTo(1);
    assertThat(result.applied()).containsExactly(first.attemptId());
    assertThat(result.ready()).containsExactly(released);
    assertThat(outboxed()).containsExactly(released);
    assertThat(found(third.id())).isEqualTo(third);
    assertThat(stores.dependencies().needs(second.id())).isEmpty();
    assertThat(stores.queues().find("default").orElseThrow().jobs())
        .isEqualTo(Map.of(end, 1L, JobState.QUEUED, 1L, JobState.WAITING, 1L));
  }

  @Test
  void aWorkerThatKnowsAJobFromItsMessageReleasesTheNext() throws Exception {
    Job first = accepted(keyed().queued());
    Job second = accepted(keyed().queued());
    Job known = JobBody.read(JobBody.write(first));

    saved(known, Verb.SUCCEED);

    assertThat(found(second.id()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void theNextWaitsThroughRetriesAndCrashesOfTheFirst() {
    Job first = accepted(keyed().queued());
    Job second = accepted(keyed().queued());
    for (Verb verb :
        List.of(
            Verb.START,
            Verb.FAIL,
            Verb.WAKE,
            Verb.RESCUE,
            Verb.START,
            Verb.RELEASE,
            Verb.POSTPONE)) {
      first = saved(first, verb);
      assertThat(found(second.id())).isEqualTo(second);
    }
    saved(saved(first, Verb.WAKE), Verb.SUCCEED);

    assertThat(found(second.id()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void linesAreOfOneQueueAndOneKey() {
    accepted(keyed().queued());

    List<Job> others =
        List.of(
            jobs.aQueuedJob(),
            jobs.aQueuedJob(),
            keyed().queue("other").queued(),
            keyed("K").queued(),
            keyed("k ").queued(),
            keyed("🎉".repeat(200)).queued());

    assertThat(others.stream().map(this::accepted)).isEqualTo(others);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 17, 300, 1000})
  void manyOfOneKeyInABatchComeInItsOrder(int size) {
    List<Job> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batch.add(keyed(i % 3 == 0 ? "a" : "b").queued());
    }
    Collections.shuffle(batch, new Random(size));

    List<Job> stored = accepted(batch);

    assertThat(ids(stored)).isEqualTo(ids(batch));
    for (String key : List.of("a", "b")) {
      List<JobId> line =
          batch.stream().filter(job -> key.equals(job.spec().orderingKey())).map(Job::id).toList();
      assertThat(lineOf(stored, key)).isEqualTo(line);
    }
  }

  @Test
  void aLineGoesOnInTheNextBatch() {
    List<Job> one = accepted(List.of(keyed().queued(), jobs.aQueuedJob(), keyed().queued()));
    List<Job> two = accepted(List.of(keyed().queued(), keyed("other").queued()));

    assertThat(two.get(0).state()).isEqualTo(JobState.WAITING);
    assertThat(two.get(1).state()).isEqualTo(JobState.QUEUED);
    assertThat(stores.dependencies().needs(two.get(0).id())).contains(one.get(2).id());
  }

  @Test
  void theSameJobsSubmittedAgainAreAnsweredAsTheyAreStored() {
    List<Job> given = List.of(keyed().queued(), keyed().queued());
    List<Job> stored = accepted(given);

    assertThat(accepted(given)).isEqualTo(stored);
    assertThat(accepted(given.reversed())).isEqualTo(stored.reversed());
    assertThat(stores.dependencies().needs(given.getFirst().id())).isEmpty();
    assertThat(ended(given)).isEqualTo(ids(given));
  }

  @Test
  void anAnswerForAKeyUsedTwiceInABatchIsTheJobAsStored() {
    accepted(keyed().queued());
    Job job = keyed().queued();
    List<SubmitResult> answers =
        stores
            .jobs()
            .submit(
                List.of(
                    new Submission(job, Jobs.aKey("i", 1)),
                    new Submission(keyed().queued(), Jobs.aKey("i", 1))));

    assertThat(answers)
        .containsExactly(
            new SubmitResult.Accepted(found(job.id())), new SubmitResult.Replayed(found(job.id())));
    assertThat(found(job.id()).state()).isEqualTo(JobState.WAITING);
  }

  @ParameterizedTest
  @EnumSource(names = {"CANCELLED", "EXPIRED"})
  void whoEndsInTheMiddleOfTheLineLeavesItsPlace(JobState end) {
    List<Job> line = accepted(IntStream.range(0, 4).mapToObj(_ -> keyed().queued()).toList());

    SaveResult result = stores.jobs().save(List.of(ended(line.get(1), end)));

    assertThat(result.ready()).isEmpty();
    assertThat(found(line.get(2).id())).isEqualTo(line.get(2));
    assertThat(stores.dependencies().needs(line.get(2).id())).contains(line.get(0).id());
    assertThat(stores.dependencies().needs(line.get(1).id())).isEmpty();
    assertThat(ended(List.of(line.get(0), line.get(2), line.get(3))))
        .containsExactly(line.get(0).id(), line.get(2).id(), line.get(3).id());
  }

  @Test
  void whoEndsAtTheEndOfTheLineIsNotWaitedFor() {
    Job first = accepted(keyed().queued());
    Job last = accepted(keyed().queued());
    saved(last, Verb.CANCEL);

    Job next = accepted(keyed().queued());

    assertThat(stores.dependencies().needs(next.id())).contains(first.id());
    assertThat(ended(List.of(first, next))).containsExactly(first.id(), next.id());
  }

  @Test
  void aWholeLineCanEndAtOnce() {
    List<Job> line = accepted(IntStream.range(0, 600).mapToObj(_ -> keyed().queued()).toList());
    List<Transition> all = new ArrayList<>(line.stream().map(job -> job.cancel(tick())).toList());
    Collections.shuffle(all, new Random(1));

    SaveResult result = stores.jobs().save(all);

    assertThat(result.applied()).hasSize(600);
    assertThat(result.ready()).isEmpty();
    assertThat(accepted(keyed().queued()).state()).isEqualTo(JobState.QUEUED);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyOfALineCanEndAtOnce(long seed) {
    Random random = new Random(seed);
    List<Job> left =
        new ArrayList<>(accepted(IntStream.range(0, 200).mapToObj(_ -> keyed().queued()).toList()));
    while (!left.isEmpty()) {
      List<Transition> some =
          left.stream()
              .filter(_ -> random.nextInt(4) == 0)
              .map(job -> found(job.id()).cancel(tick()))
              .toList();
      Set<JobId> gone = new HashSet<>(some.stream().map(each -> each.after().id()).toList());
      boolean headGone = gone.contains(left.getFirst().id());
      left.removeIf(job -> gone.contains(job.id()));

      SaveResult result = stores.jobs().save(some);

      assertThat(ids(result.ready()))
          .isEqualTo(headGone && !left.isEmpty() ? List.of(left.getFirst().id()) : List.of());
      assertThat(lineOf(left, "k")).isEqualTo(ids(left));
    }
    assertThat(accepted(keyed().queued()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void whoIsDueLaterIsScheduledWhenItsTurnComes() {
    Instant soon = jobs.now().plusSeconds(600);
    Job first = accepted(keyed().queued());
    Job later = accepted(keyed().scheduled(soon));
    Job last = accepted(keyed().queued());
    assertThat(later.state()).isEqualTo(JobState.WAITING);
    assertThat(later.runAt()).isEqualTo(soon);
    assertThat(stores.timers().due(soon, 10)).isEmpty();

    assertThat(stores.jobs().save(List.of(ended(first, JobState.DONE))).ready()).isEmpty();

    Job scheduled = found(later.id());
    assertThat(scheduled.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(scheduled.dueAt()).isEqualTo(soon);
    assertThat(stores.timers().due(soon, 10)).containsExactly(scheduled);
    assertThat(found(last.id()).state()).isEqualTo(JobState.WAITING);
  }

  @Test
  void whoHasBecomeDueMeanwhileIsReadyWhenItsTurnComes() {
    Instant past = jobs.now().minusSeconds(10);
    Job first = accepted(keyed().at(past).queued());
    Job later = accepted(keyed().at(past).scheduled(Duration.ofSeconds(5)));
    assertThat(later.state()).isEqualTo(JobState.WAITING);

    saved(first, Verb.SUCCEED);

    assertThat(found(later.id()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aScheduledJobAtTheHeadHoldsItsLine() {
    Job first = accepted(keyed().scheduled(Duration.ofSeconds(60)));
    Job second = accepted(keyed().queued());
    assertThat(first.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(second.state()).isEqualTo(JobState.WAITING);

    saved(saved(first, Verb.WAKE), Verb.SUCCEED);

    assertThat(found(second.id()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void whoWaitsIsDueAtItsDeadline() {
    Instant soon = jobs.now().plusSeconds(60);
    accepted(keyed().queued());
    Job second = accepted(keyed().deadline(soon).queued());

    assertThat(stores.timers().due(soon, 10)).containsExactly(second);
    saved(second, Verb.EXPIRE);
    assertThat(stores.timers().due(soon, 10)).isEmpty();
  }

  @Test
  void whoIsRetriedByHandGoesToTheEndOfItsLine() {
    List<Job> line = accepted(IntStream.range(0, 3).mapToObj(_ -> keyed().queued()).toList());
    Job failed = saved(ended(line.get(0), JobState.FAILED));
    Transition retry = Jobs.after(failed, Verb.RETRY, tick());

    SaveResult result = stores.jobs().save(List.of(retry));

    Job revived = found(failed.id());
    assertThat(revived.state()).isEqualTo(JobState.WAITING);
    assertThat(revived.attempt()).isEqualTo(2);
    assertThat(result.applied()).containsExactly(failed.attemptId());
    assertThat(result.behind()).containsExactly(revived);
    assertThat(result.ready()).isEmpty();
    assertThat(stores.jobs().save(List.of(retry)).applied())
        .as("saved again")
        .containsExactly(failed.attemptId());
    assertThat(ended(List.of(line.get(1), line.get(2), revived)))
        .containsExactly(line.get(1).id(), line.get(2).id(), revived.id());
  }

  @Test
  void whoIsRetriedByHandIsReadyWhenNobodyStandsInItsLine() {
    Job failed = saved(ended(accepted(keyed().queued()), JobState.FAILED));

    SaveResult result = stores.jobs().save(List.of(Jobs.after(failed, Verb.RETRY, tick())));

    assertThat(result.ready()).containsExactly(found(failed.id()));
    assertThat(result.behind()).isEmpty();
    assertThat(found(failed.id()).state()).isEqualTo(JobState.QUEUED);
    assertThat(accepted(keyed().queued()).state()).isEqualTo(JobState.WAITING);
  }

  @Test
  void whoIsRetriedAsTheLastOneEndsIsReady() {
    Job failed = saved(ended(accepted(keyed().queued()), JobState.FAILED));
    Job last = accepted(keyed().queued());

    SaveResult result =
        stores
            .jobs()
            .save(List.of(Jobs.after(failed, Verb.RETRY, tick()), ended(last, JobState.DONE)));

    assertThat(result.behind()).isEmpty();
    assertThat(result.ready()).containsExactly(found(failed.id()));
    assertThat(found(failed.id()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aChangeThatComesTooLateReleasesNobody() {
    Job first = accepted(keyed().queued());
    Job second = accepted(keyed().queued());
    Job running = saved(first, Verb.START);
    Job again = saved(running, Verb.RESCUE);

    assertThat(stores.jobs().save(List.of(running.succeed("1", null, tick()))).ready()).isEmpty();

    assertThat(found(first.id())).isEqualTo(again);
    assertThat(found(second.id())).isEqualTo(second);
  }

  @Test
  void anEndSavedTwiceReleasesOne() {
    List<Job> line = accepted(IntStream.range(0, 3).mapToObj(_ -> keyed().queued()).toList());
    Transition end = ended(line.get(0), JobState.DONE);
    saved(end);
    Job second = found(line.get(1).id());

    assertThat(save(end)).containsExactly(line.get(0).attemptId());

    assertThat(found(second.id())).isEqualTo(second);
    assertThat(found(line.get(2).id()).state()).isEqualTo(JobState.WAITING);
  }

  @Test
  void deletingTheEndedLeavesTheLineAsItIs() {
    List<Job> line = accepted(IntStream.range(0, 3).mapToObj(_ -> keyed().queued()).toList());
    saved(ended(line.get(0), JobState.DONE));
    saved(line.get(2), Verb.CANCEL);

    assertThat(stores.jobs().deleteEnded(ids(line))).isEqualTo(2);
    Job next = accepted(keyed().queued());

    assertThat(stores.dependencies().needs(next.id())).contains(line.get(1).id());
  }

  @Test
  void nothingIsForgotten() {
    List<Job> line = accepted(IntStream.range(0, 5).mapToObj(_ -> keyed().queued()).toList());
    saved(line.get(1), Verb.CANCEL);
    saved(ended(line.get(0), JobState.DONE));

    assertThat(stores.dependencies().releaseForgotten(1000)).isEmpty();

    assertThat(found(line.get(2).id()).state()).isEqualTo(JobState.QUEUED);
    assertThat(found(line.get(3).id())).isEqualTo(line.get(3));
  }

  @Test
  void whoSubmitsAtTheSameTimeMakesOneLine() throws InterruptedException {
    List<Callable<List<Job>>> clients = new ArrayList<>();
    for (int client = 0; client < 6; client++) {
      clients.add(
          () -> {
            List<Job> mine = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              mine.addAll(
                  accepted(List.of(keyed("a").queued(), keyed("b").queued(), keyed("a").queued())));
            }
            return mine;
          });
    }

    List<List<Job>> stored = atOnce(clients);

    List<Job> all = stored.stream().flatMap(List::stream).toList();
    for (String key : List.of("a", "b")) {
      List<JobId> line = lineOf(all, key);
      assertThat(line).hasSize(key.equals("a") ? 240 : 120);
      for (List<Job> mine : stored) {
        Stream<JobId> inLine = line.stream().filter(ids(mine)::contains);
        assertThat(inLine)
            .as("each client's own come in its order")
            .containsExactlyElementsOf(
                mine.stream()
                    .filter(job -> key.equals(job.spec().orderingKey()))
                    .map(Job::id)
                    .toList());
      }
    }
  }

  /**
   * One ends heads, others submit, cancel and retry meanwhile: each job runs once, one at a time.
   */
  @Test
  void aLineThatEverybodyChangesLosesNobody() throws InterruptedException {
    List<Callable<Set<JobId>>> clients = new ArrayList<>();
    for (int client = 0; client < 3; client++) {
      int seed = client;
      clients.add(
          () -> {
            Random random = new Random(seed);
            Set<JobId> mine = new HashSet<>();
            for (int i = 0; i < 40; i++) {
              Job job = accepted(keyed(random.nextBoolean() ? "a" : "b").queued());
              mine.add(job.id());
              if (random.nextInt(3) == 0) {
                Job now = found(job.id());
                if (now.can(Verb.CANCEL) && !save(now.cancel(now.updatedAt())).isEmpty()) {
                  mine.remove(job.id());
                }
              }
            }
            return mine;
          });
      clients.add(
          () -> {
            Set<JobId> heads = new HashSet<>();
            for (int i = 0; i < 40; i++) {
              for (Job head : stores.active().scan(JobState.QUEUED, null, 10)) {
                save(head.succeed("1", null, head.updatedAt()));
              }
            }
            return heads;
          });
    }

    Set<JobId> submitted = new HashSet<>();
    atOnce(clients).forEach(submitted::addAll);

    while (true) {
      List<Job> heads = stores.active().scan(JobState.QUEUED, null, 10);
      assertThat(heads).hasSizeLessThanOrEqualTo(2);
      if (heads.isEmpty()) {
        break;
      }
      heads.forEach(head -> saved(head, Verb.SUCCEED));
    }
    assertThat(stores.jobs().find(submitted).values())
        .hasSameSizeAs(submitted)
        .allMatch(job -> job.state() == JobState.DONE);
    assertThat(stores.dependencies().releaseForgotten(1000)).isEmpty();
    assertThat(accepted(keyed("a").queued()).state()).isEqualTo(JobState.QUEUED);
    assertThat(accepted(keyed("b").queued()).state()).isEqualTo(JobState.QUEUED);
  }

  /** Random changes of random jobs have the same effect here and in plain collections. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aRandomHistoryIsThatOfPlainCollections(long seed) {
    Random random = new Random(seed);
    InMemoryStore model = new InMemoryStore(stores.clock());
    List<JobId> all = new ArrayList<>();
    for (int step = 0; step < 40; step++) {
      List<Submission> batch =
          Stream.generate(() -> new Submission(randomJob(random), null))
              .limit(random.nextInt(6))
              .toList();
      assertThat(stores.jobs().submit(batch)).isEqualTo(model.submit(batch));
      batch.forEach(each -> all.add(each.job().id()));

      List<Transition> changes =
          model.find(all).values().stream()
              .filter(_ -> random.nextInt(3) == 0)
              .flatMap(job -> randomChange(job, random).stream())
              .toList();
      SaveResult expected = model.save(changes);
      SaveResult result = stores.jobs().save(changes);

      assertThat(result.applied()).isEqualTo(expected.applied());
      assertThat(result.ready()).containsExactlyInAnyOrderElementsOf(expected.ready());
      assertThat(result.behind()).containsExactlyInAnyOrderElementsOf(expected.behind());
      assertThat(stores.jobs().find(all)).isEqualTo(model.find(all));
      for (JobId id : all) {
        assertThat(stores.dependencies().needs(id)).isEqualTo(model.needs(id));
      }
      assertThat(stores.dependencies().releaseForgotten(1000)).isEmpty();
    }
  }

  private Job randomJob(Random random) {
    int key = random.nextInt(4);
    JobFixture job = key == 3 ? jobs.aJob() : keyed("k" + key);
    if (random.nextInt(4) == 0) {
      job.deadline(jobs.now().plusSeconds(random.nextInt(1, 100)));
    }
    if (key < 3 && random.nextBoolean()) {
      job.with(it -> it.onFailedHead(OnFailedHead.HOLD));
    }
    job.at(tick());
    return random.nextInt(4) == 0
        ? job.scheduled(Duration.ofSeconds(random.nextInt(1, 100)))
        : job.queued();
  }

  /** Nobody but the store wakes a job that waits for others. */
  private Optional<Transition> randomChange(Job job, Random random) {
    List<Verb> legal =
        Stream.of(Verb.values())
            .filter(job::can)
            .filter(verb -> verb != Verb.WAKE || job.state() != JobState.WAITING)
            .toList();
    return legal.isEmpty()
        ? Optional.empty()
        : Optional.of(Jobs.after(job, legal.get(random.nextInt(legal.size())), tick()).by(WORKER));
  }

  private JobFixture keyed() {
    return keyed("k");
  }

  private JobFixture keyed(String key) {
    return jobs.aJob().with(it -> it.orderingKey(key));
  }

  private Job accepted(Job job) {
    return accepted(List.of(job)).getFirst();
  }

  /** Submits jobs; they as they are stored. */
  private List<Job> accepted(List<Job> batch) {
    return stores
        .jobs()
        .submit(batch.stream().map(job -> new Submission(job, null)).toList())
        .stream()
        .map(answer -> ((SubmitResult.Accepted) answer).job())
        .toList();
  }

  private Transition ended(Job job, JobState end) {
    return switch (end) {
      case DONE -> job.succeed("1", null, tick());
      case FAILED -> job.fail(new Failure("no such customer", true), 0.5, tick());
      case CANCELLED -> job.cancel(tick());
      case EXPIRED -> job.expire(tick());
      default -> throw new IllegalArgumentException(end + " is not an end");
    };
  }

  /** Ends the jobs that are ready until none is, one at a time; their ids in that order. */
  private List<JobId> ended(List<Job> all) {
    List<JobId> order = new ArrayList<>();
    while (true) {
      List<Job> ready =
          stores.jobs().find(ids(all)).values().stream()
              .filter(job -> job.state() == JobState.QUEUED)
              .toList();
      assertThat(ready).hasSizeLessThanOrEqualTo(1);
      if (ready.isEmpty()) {
        return order;
      }
      order.add(ready.getFirst().id());
      saved(ready.getFirst(), Verb.SUCCEED);
    }
  }

  /** The line that these jobs of one key stand in: the first waits for nobody. */
  private List<JobId> lineOf(List<Job> all, String key) {
    Map<JobId, JobId> next = new HashMap<>();
    List<JobId> heads = new ArrayList<>();
    for (Job job : all) {
      if (key.equals(job.spec().orderingKey())) {
        stores
            .dependencies()
            .needs(job.id())
            .ifPresentOrElse(
                before -> assertThat(next.put(before, job.id())).isNull(),
                () -> heads.add(job.id()));
      }
    }
    List<JobId> line = new ArrayList<>();
    assertThat(heads).hasSizeLessThanOrEqualTo(1);
    for (JobId at = heads.isEmpty() ? null : heads.getFirst(); at != null; at = next.get(at)) {
      line.add(at);
    }
    return line;
  }

  /** What is to be announced; only where the store remembers that. */
  private List<Job> outboxed() {
    Outbox outbox = Objects.requireNonNull(stores.outbox());
    return outbox.pending(jobs.now().plusSeconds(60), 1000);
  }
}
