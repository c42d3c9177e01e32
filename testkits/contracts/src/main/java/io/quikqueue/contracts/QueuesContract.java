package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link io.quikqueue.domain.port.Queues} guarantees: figures that are exact after every
 * transaction, whatever happened to the jobs and however many did it at the same time.
 */
public abstract class QueuesContract extends StoreContract {

  @Test
  void aStoreWithoutJobsHasNoQueues() {
    assertThat(stores.queues().all()).isEmpty();
    assertThat(stores.queues().find("default")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aJobCountsWhereItStands(JobState state) {
    Job job = stored(jobs.aJob().queue("mail"), state);

    assertThat(figures("mail"))
        .isEqualTo(
            new QueueFigures(
                "mail",
                Map.of(state, 1L),
                1,
                state.terminal() ? 1 : 0,
                state == JobState.QUEUED ? job.createdAt() : null));
  }

  @Test
  void queuesAreSortedByName() {
    List<String> names = List.of("b", "a.b", "a", "a-b", "a_b", "0", "ab");
    names.forEach(name -> submitted(jobs.aJob().queue(name).queued()));

    assertThat(stores.queues().all())
        .extracting(QueueFigures::queue)
        .isEqualTo(names.stream().sorted().toList());
  }

  @Test
  void whatWasNotStoredDoesNotCount() {
    Job job = jobs.aQueuedJob();
    submitted(job, Jobs.aKey("k", 1));
    submitted(job, Jobs.aKey("k", 1));
    submitted(jobs.aQueuedJob(), Jobs.aKey("k", 1));
    submitted(jobs.aQueuedJob(), Jobs.aKey("k", 2));
    assertThat(submitted(jobs.aJob().scheduled(Instant.MAX), Jobs.aKey("l", 1)))
        .isInstanceOf(SubmitResult.Refused.class);
    submitted(List.of(job, job));

    assertThat(figures("default"))
        .isEqualTo(new QueueFigures("default", Map.of(JobState.QUEUED, 1L), 1, 0, job.createdAt()));
  }

  @Test
  void aChangeThatWasNotAppliedDoesNotCount() {
    Job queued = submitted(jobs.aQueuedJob());
    Transition done = Jobs.after(queued, Verb.SUCCEED, tick());
    saved(done);
    save(done);
    save(Jobs.after(queued, Verb.CANCEL, tick()));

    assertThat(figures("default"))
        .isEqualTo(new QueueFigures("default", Map.of(JobState.DONE, 1L), 1, 1, null));
  }

  @Test
  void aJobThatEndsTwiceIsFinishedOnce() {
    saved(saved(stored(jobs.aJob(), JobState.FAILED), Verb.RETRY), Verb.SUCCEED);

    assertThat(figures("default"))
        .isEqualTo(new QueueFigures("default", Map.of(JobState.DONE, 1L), 1, 1, null));
  }

  @Test
  void pruningTakesFromTheStatesAndNotFromTheTotals() {
    stored(jobs.aJob(), JobState.DONE);
    stored(jobs.aJob(), JobState.EXPIRED);
    Job waiting = stored(jobs.aJob(), JobState.WAITING);
    stores.jobs().prune(jobs.now().plusSeconds(60), 1000);

    assertThat(figures("default"))
        .isEqualTo(new QueueFigures("default", Map.of(waiting.state(), 1L), 3, 2, null));
  }

  @Test
  void aQueueRemainsWhenAllItsJobsArePruned() {
    stored(jobs.aJob(), JobState.DONE);
    stores.jobs().prune(jobs.now().plusSeconds(60), 1000);

    assertThat(stores.queues().all())
        .containsExactly(new QueueFigures("default", Map.of(), 1, 1, null));
  }

  @Test
  void theOldestIsTheQueuedJobThatWasSubmittedFirst() {
    Instant now = jobs.now();
    Job first = submitted(jobs.aJob().at(now.minusSeconds(30)).queued());
    Job second = submitted(jobs.aJob().at(now.minusSeconds(20)).queued());
    submitted(jobs.aJob().at(now.minusSeconds(10)).queued());
    assertThat(figures("default").oldest()).isEqualTo(first.createdAt());

    Job retrying = saved(first, Verb.FAIL);
    assertThat(figures("default").oldest()).isEqualTo(second.createdAt());

    saved(retrying, Verb.WAKE);
    assertThat(figures("default").oldest()).isEqualTo(first.createdAt());
  }

  @Test
  void eachQueueHasAnOldestOfItsOwn() {
    Instant now = jobs.now();
    stored(jobs.aJob().queue("none-waits").at(now.minusSeconds(50)), JobState.DONE);
    for (int i = 40; i > 10; i--) {
      submitted(jobs.aJob().queue("a").priority(i % 10).at(now.minusSeconds(i)).queued());
    }
    submitted(jobs.aJob().queue("b").at(now.minusSeconds(5)).queued());

    assertThat(stores.queues().all())
        .extracting(QueueFigures::oldest)
        .containsExactly(now.minusSeconds(40), now.minusSeconds(5), null);
  }

  @Test
  void aQueueBehindALongOneHasAnOldest() {
    for (int i = 0; i < 21; i++) {
      submitted(Stream.generate(() -> jobs.aJob().queue("long").queued()).limit(500).toList());
    }
    Job last = submitted(jobs.aJob().queue("short").queued());

    assertThat(stores.queues().all())
        .extracting(QueueFigures::oldest)
        .hasSize(2)
        .doesNotContainNull()
        .last()
        .isEqualTo(last.createdAt());
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "CANCELLED", "EXPIRED"})
  void aJobRetriedByHandIsNotFinishedUntilItEndsAgain(JobState ended) {
    Job job = stored(jobs.aJob().queue("q"), ended);
    submitted(jobs.aJob().queue("q").queued());
    assertThat(figures("q").finished()).isEqualTo(1);

    Job again = saved(job, Verb.RETRY);
    assertThat(figures("q").finished()).isZero();

    Job done = saved(saved(again, Verb.START), Verb.SUCCEED);
    assertThat(figures("q").finished()).isEqualTo(1);
    assertThat(figures("q").submitted()).isEqualTo(2);
    stores.jobs().prune(done.updatedAt().plusSeconds(1), 10);
    assertThat(figures("q").finished()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void figuresAreExactAfterARandomHistory(long seed) {
    RandomHistory history = new RandomHistory(stores, jobs, seed);
    for (int i = 0; i < 6; i++) {
      history.run(5);
      assertThat(stores.queues().all()).isEqualTo(expected(List.of(history)));
    }
  }

  @Test
  void figuresAreExactWhenSeveralWriteAtOnce() throws InterruptedException {
    List<RandomHistory> histories = new ArrayList<>();
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RandomHistory history = new RandomHistory(stores, jobs, i);
      histories.add(history);
      writers.add(
          () -> {
            history.run(15);
            return true;
          });
    }

    atOnce(writers);

    assertThat(stores.queues().all()).isEqualTo(expected(histories));
    for (QueueFigures each : stores.queues().all()) {
      assertThat(figures(each.queue())).isEqualTo(each);
    }
  }

  private static List<QueueFigures> expected(List<RandomHistory> histories) {
    Map<String, Integer> submitted = new HashMap<>();
    Map<String, Integer> finished = new HashMap<>();
    for (RandomHistory each : histories) {
      each.submitted().forEach((queue, n) -> submitted.merge(queue, n, Integer::sum));
      each.finished().forEach((queue, n) -> finished.merge(queue, n, Integer::sum));
    }
    List<Job> all =
        histories.stream().flatMap(history -> history.jobs().values().stream()).toList();
    return submitted.keySet().stream()
        .sorted()
        .map(
            queue ->
                new QueueFigures(
                    queue,
                    byState(all, queue),
                    submitted.getOrDefault(queue, 0),
                    finished.getOrDefault(queue, 0),
                    oldest(all, queue)))
        .toList();
  }

  private static Map<JobState, Long> byState(List<Job> all, String queue) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    all.stream().filter(in(queue)).forEach(job -> counts.merge(job.state(), 1L, Long::sum));
    return counts;
  }

  private static @Nullable Instant oldest(List<Job> all, String queue) {
    return all.stream()
        .filter(in(queue))
        .filter(job -> job.state() == JobState.QUEUED)
        .min(Comparator.comparing(Job::id))
        .map(Job::createdAt)
        .orElse(null);
  }

  private static Predicate<Job> in(String queue) {
    return job -> job.spec().queue().equals(queue);
  }

  private QueueFigures figures(String queue) {
    return stores.queues().find(queue).orElseThrow();
  }
}
