package io.quikqueue.contracts;

import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.BacklogQuery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link io.quikqueue.domain.port.ActiveJobs} guarantees: scans meet every job that is in the
 * state, page by page, oldest first; a backlog meets every QUEUED job of its queue in the order in
 * which they should run, also when the job that the last page ended with has moved on.
 */
public abstract class ActiveJobsContract extends StoreContract {

  private static final Comparator<Job> RUN_ORDER =
      comparingInt((Job job) -> job.spec().priority()).thenComparing(Job::id);

  @ParameterizedTest
  @EnumSource(names = {"QUEUED", "RUNNING"})
  void aScanMeetsTheJobsOfOneState(JobState state) {
    List<Job> expected = new ArrayList<>();
    for (JobState each : JobState.values()) {
      Job one = stored(jobs.aJob(), each);
      Job two = stored(jobs.aJob().queue("other"), each);
      if (each == state) {
        expected.addAll(List.of(one, two));
      }
    }

    assertThat(scanned(state, 1000)).isEqualTo(expected);
    assertThat(scanned(state, 1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void aScanGoesOldestFirst(int limit) {
    List<Job> all = jobs.queuedJobs(50);
    List<Job> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(limit));
    submitted(shuffled);

    assertThat(scanned(JobState.QUEUED, limit)).isEqualTo(all);
    assertThat(stores.active().scan(JobState.QUEUED, all.get(9).id(), 3))
        .isEqualTo(all.subList(10, 13));
    assertThat(stores.active().scan(JobState.QUEUED, all.getLast().id(), 3)).isEmpty();
  }

  @Test
  void theWorkersOfRunningJobsAreKnown() {
    Job queued = submitted(jobs.aQueuedJob());
    Job marked = submitted(jobs.aQueuedJob());
    Job done = submitted(jobs.aQueuedJob());
    Transition other = done.start(jobs.now());
    stores.jobs().save(List.of(marked.start(jobs.now()).by("pull:w-1"), other.by("w-2")));
    stores.jobs().save(List.of(other.after().succeed("1", null, jobs.now()).by("w-2")));

    assertThat(
            stores
                .active()
                .workers(List.of(queued.id(), marked.id(), done.id(), jobs.aQueuedJob().id())))
        .isEqualTo(Map.of(marked.id(), "pull:w-1"));
    assertThat(stores.active().workers(List.of())).isEmpty();
  }

  @Test
  void aScanPassesOverQueues() {
    List<Job> all = new ArrayList<>();
    for (String queue : List.of("mail", "bulk", "mail", "other", "bulk", "mail")) {
      Job job = jobs.aJob().queue(queue).queued();
      submitted(job);
      all.add(job);
    }

    assertThat(stores.active().scan(JobState.QUEUED, null, Set.of("bulk", "none"), 3))
        .isEqualTo(List.of(all.get(0), all.get(2), all.get(3)));
    assertThat(stores.active().scan(JobState.QUEUED, all.get(2).id(), Set.of("bulk", "mail"), 3))
        .isEqualTo(List.of(all.get(3)));
    assertThat(stores.active().scan(JobState.QUEUED, null, Set.of("bulk", "mail", "other"), 3))
        .isEmpty();
  }

  @Test
  void aScanShowsJobsAsTheyAre() {
    Job second = saved(stored(jobs.aJob(), JobState.RETRYING), Verb.WAKE);
    assertThat(scanned(JobState.QUEUED, 10)).containsExactly(second);

    Job running = saved(second, Verb.START);
    assertThat(scanned(JobState.QUEUED, 10)).isEmpty();
    assertThat(scanned(JobState.RUNNING, 10)).containsExactly(running);

    saved(running, Verb.SUCCEED);
    assertThat(scanned(JobState.RUNNING, 10)).isEmpty();
  }

  @Test
  void pagesOfLargeJobsAreShort() {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(jobs.aJob().payload('"' + "x".repeat(1 << 20) + '"').queued());
    }
    all.addAll(jobs.queuedJobs(20));
    all.forEach(this::submitted); // one by one: together they are more than a server takes

    for (int round = 0; round < 2; round++) { // a store may learn from the first
      assertThat(stores.active().scan(JobState.QUEUED, null, 100)).isEqualTo(all.subList(0, 8));
    }
    assertThat(scanned(JobState.QUEUED, 100)).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void aBacklogIsInTheOrderInWhichJobsShouldRun(int limit) {
    List<Job> all = new ArrayList<>();
    Random random = new Random(limit);
    for (int i = 0; i < 60; i++) {
      all.add(jobs.aJob().queue("mail").priority(random.nextInt(10)).queued());
    }
    submitted(all);
    submitted(jobs.aJob().queue("mail").in(JobState.SCHEDULED));
    submitted(jobs.aJob().queue("mail").in(JobState.WAITING));
    submitted(jobs.aJob().queue("mail2").queued());
    stored(jobs.aJob().queue("mail"), JobState.RUNNING);
    stored(jobs.aJob().queue("mail"), JobState.DONE);
    all.sort(RUN_ORDER);

    assertThat(backlog("mail", limit)).isEqualTo(all);
    assertThat(backlog("none", limit)).isEmpty();
  }

  @Test
  void aBacklogGoesOnBehindAJobThatHasMovedOn() {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(jobs.aJob().queue("mail").priority(i / 2).queued());
    }
    submitted(all);
    saved(all.get(4), Verb.START);
    saved(all.get(5), Verb.CANCEL);

    assertThat(stores.active().backlog("mail", Set.of(), all.get(4), 3))
        .isEqualTo(all.subList(6, 9));
    assertThat(stores.active().backlog("mail", Set.of(), all.get(5), 100))
        .isEqualTo(all.subList(6, 10));
    assertThat(stores.active().backlog("mail", Set.of(), all.getLast(), 100)).isEmpty();
  }

  @Test
  void aBacklogHasOnlyTheTypesAskedFor() {
    List<Job> all = new ArrayList<>();
    for (String type : List.of("report", "greet", "report", "mail", "greet")) {
      all.add(jobs.aJob().queue("mixed").type(type).queued());
    }
    submitted(all);

    assertThat(stores.active().backlog("mixed", Set.of("greet"), null, 10))
        .containsExactly(all.get(1), all.get(4));
    assertThat(stores.active().backlog("mixed", Set.of("greet", "report"), all.get(1), 1))
        .containsExactly(all.get(2));
    assertThat(stores.active().backlog("mixed", Set.of("none"), null, 10)).isEmpty();
  }

  @Test
  void aBacklogHasOnlyTheGroupAskedFor() {
    List<Job> all = new ArrayList<>();
    for (String group : Arrays.asList("a", null, "b", "a", "A", "a ")) {
      all.add(jobs.aJob().queue("shared").group(group).priority(all.size() % 2).queued());
    }
    submitted(all);
    submitted(jobs.aJob().queue("elsewhere").group("a").queued());

    assertThat(stores.active().backlog(ofGroup("a"), null, 10))
        .containsExactly(all.get(0), all.get(3));
    assertThat(stores.active().backlog(ofGroup("a"), all.get(0), 10)).containsExactly(all.get(3));
    assertThat(stores.active().backlog(ofGroup("none"), null, 10)).isEmpty();
  }

  @Test
  void aBacklogPassesOverGroups() {
    List<Job> all = new ArrayList<>();
    for (String group : Arrays.asList("a", null, "b", "a", "A", "c")) {
      all.add(jobs.aJob().queue("shared").group(group).queued());
    }
    submitted(all);

    assertThat(stores.active().backlog(except("a", "c"), null, 10))
        .containsExactly(all.get(1), all.get(2), all.get(4));
    assertThat(stores.active().backlog(except("A"), all.get(2), 2))
        .containsExactly(all.get(3), all.get(5));
  }

  private static BacklogQuery ofGroup(String group) {
    return new BacklogQuery("shared", Set.of(), group, Set.of());
  }

  private static BacklogQuery except(String... groups) {
    return new BacklogQuery("shared", Set.of(), null, Set.of(groups));
  }

  @Test
  void aJobQueuedAgainTakesItsOldPlaceInTheBacklog() {
    List<Job> all = new ArrayList<>(jobs.queuedJobs(3));
    submitted(all);
    all.set(0, saved(saved(all.getFirst(), Verb.START), Verb.RELEASE));
    all.set(1, saved(saved(all.get(1), Verb.FAIL), Verb.WAKE));

    assertThat(backlog("default", 10)).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nothingActiveIsMissedAfterARandomHistory(long seed) {
    RandomHistory history = new RandomHistory(stores, jobs, seed);

    history.run(30);

    for (JobState state : List.of(JobState.QUEUED, JobState.RUNNING)) {
      assertThat(scanned(state, 10))
          .isEqualTo(history.jobs().values().stream().filter(job -> job.state() == state).toList());
    }
    for (String queue : RandomHistory.QUEUES) {
      assertThat(backlog(queue, 10))
          .isEqualTo(
              history.jobs().values().stream()
                  .filter(job -> job.state() == JobState.QUEUED)
                  .filter(job -> job.spec().queue().equals(queue))
                  .sorted(RUN_ORDER)
                  .toList());
    }
  }

  private List<Job> scanned(JobState state, int limit) {
    List<Job> all = new ArrayList<>();
    JobId after = null;
    List<Job> page;
    do {
      page = stores.active().scan(state, after, limit);
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page);
      after = page.isEmpty() ? after : page.getLast().id();
    } while (!page.isEmpty() && all.size() < 10_000);
    return all;
  }

  private List<Job> backlog(String queue, int limit) {
    List<Job> all = new ArrayList<>();
    Job after = null;
    List<Job> page;
    do {
      page = stores.active().backlog(queue, Set.of(), after, limit);
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page);
      after = page.isEmpty() ? after : page.getLast();
    } while (!page.isEmpty() && all.size() < 10_000);
    return all;
  }
}
