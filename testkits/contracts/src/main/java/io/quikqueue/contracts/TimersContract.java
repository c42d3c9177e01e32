package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Verb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link io.quikqueue.domain.port.Timers} guarantee: they show exactly the jobs whose {@link
 * Job#timer()} is at or before the moment asked for, as they are now, earliest first.
 */
public abstract class TimersContract extends StoreContract {

  private Instant soon;

  @BeforeEach
  void setSoon() {
    soon = jobs.now().plusSeconds(600);
  }

  @Test
  void nothingIsDueAtFirst() {
    assertThat(due(Instant.parse("2100-01-01T00:00:00Z"))).isEmpty();
  }

  @Test
  void aScheduledJobIsDueToTheMicrosecond() {
    Job job = submitted(jobs.aJob().scheduled(soon));

    assertThat(due(soon.minusNanos(1000))).isEmpty();
    assertThat(due(soon)).containsExactly(job);
    assertThat(due(soon.plusSeconds(1))).containsExactly(job);
  }

  @Test
  void aRetryingJobIsDueWhenItsBackoffIsOver() {
    Job job = stored(jobs.aJob(), JobState.RETRYING);
    Instant at = Objects.requireNonNull(job.dueAt());

    assertThat(due(at.minusNanos(1000))).isEmpty();
    assertThat(due(at)).containsExactly(job);
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RETRYING"})
  void aJobThatHasNotStartedIsDueAtItsDeadline(JobState state) {
    Instant deadline = jobs.now().plusSeconds(30);
    Job job = stored(jobs.aJob().deadline(deadline), state);
    Instant at = Objects.requireNonNull(job.timer());

    assertThat(due(at.minusNanos(1000))).isEmpty();
    assertThat(due(at)).containsExactly(job);
    assertThat(due(deadline)).containsExactly(job);
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "DONE", "FAILED", "CANCELLED", "EXPIRED", "SKIPPED"})
  void aJobThatStartedOrEndedIsNotDue(JobState state) {
    stored(jobs.aJob().deadline(soon), state);

    assertThat(due(soon.plusSeconds(3600))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "QUEUED"})
  void aJobWithoutDeadlineThatWaitsForNoMomentIsNotDue(JobState state) {
    stored(jobs.aJob(), state);

    assertThat(due(soon.plusSeconds(3600))).isEmpty();
  }

  @Test
  void theTimerFollowsTheJob() {
    Job scheduled = submitted(jobs.aJob().deadline(soon.plusSeconds(60)).scheduled(soon));
    Job queued = saved(scheduled, Verb.WAKE);
    assertThat(due(soon)).isEmpty();
    assertThat(due(soon.plusSeconds(60))).containsExactly(queued);

    Job running = saved(queued, Verb.START);
    assertThat(due(soon.plusSeconds(60))).isEmpty();

    Job retrying = saved(running, Verb.FAIL);
    assertThat(due(Objects.requireNonNull(retrying.dueAt()))).containsExactly(retrying);

    Job cancelled = saved(retrying, Verb.CANCEL);
    assertThat(due(soon.plusSeconds(60))).isEmpty();

    saved(cancelled, Verb.RETRY); // which lifts the deadline
    assertThat(due(soon.plusSeconds(60))).isEmpty();
  }

  @Test
  void earliestComeFirstUpToALimit() {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      JobFixture job = jobs.aJob();
      all.add(
          i % 2 == 0
              ? job.scheduled(soon.plusSeconds(i))
              : job.deadline(soon.plusSeconds(i)).queued());
    }
    List<Job> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(1));
    submitted(shuffled);

    assertThat(stores.timers().due(soon.plusSeconds(29), 1)).isEqualTo(all.subList(0, 1));
    assertThat(stores.timers().due(soon.plusSeconds(29), 10)).isEqualTo(all.subList(0, 10));
    assertThat(stores.timers().due(soon.plusSeconds(19), 1000)).isEqualTo(all.subList(0, 20));
  }

  @Test
  void manyMayBeDueAtTheSameMoment() {
    List<JobId> all = new ArrayList<>();
    List<Job> batch = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      batch.add(jobs.aJob().scheduled(soon));
      all.add(batch.getLast().id());
    }
    submitted(batch);

    assertThat(ids(stores.timers().due(soon, 1000))).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void aDeadlineMayHavePassedBeforeTheSubmit() {
    Job job = submitted(jobs.aJob().deadline(Instant.parse("1969-07-20T20:17:40Z")).queued());

    assertThat(due(jobs.now())).containsExactly(job);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void timersAreExactAfterARandomHistory(long seed) {
    RandomHistory history = new RandomHistory(stores, jobs, seed);

    history.run(30);

    for (int seconds : List.of(-50, 0, 1, 30, 60, 100)) {
      Instant moment = jobs.now().plusSeconds(seconds);
      assertThat(due(moment))
          .containsExactlyInAnyOrderElementsOf(
              history.jobs().values().stream().filter(job -> isDue(job, moment)).toList())
          .isSortedAccordingTo(Comparator.comparing(job -> Objects.requireNonNull(job.timer())));
    }
  }

  private List<Job> due(Instant moment) {
    return stores.timers().due(moment, 1000);
  }

  private static boolean isDue(Job job, Instant moment) {
    Instant timer = job.timer();
    return timer != null && !timer.isAfter(moment);
  }
}
