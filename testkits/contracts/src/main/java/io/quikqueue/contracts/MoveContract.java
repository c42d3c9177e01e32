package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.SaveResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The part of {@link JobStoreContract} that is about jobs that get another priority or queue. */
abstract class MoveContract extends ReplaceContract {

  private static final Move ELSEWHERE = new Move(1, "elsewhere");

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RETRYING"})
  void aJobThatWaitsIsMovedAndWaitsOn(JobState state) {
    Job job = stored(jobs.aJob().queue("here").priority(7), state);

    Job moved = saved(job.move(ELSEWHERE, tick()));

    Job now = found(job.id());
    assertThat(now).isEqualTo(moved);
    assertThat(now.state()).isEqualTo(state);
    assertThat(now.spec().queue()).isEqualTo("elsewhere");
    assertThat(now.spec().priority()).isEqualTo(1);
    assertThat(now.attempt()).isEqualTo(job.attempt() + 1);
    assertThat(now.dueAt()).isEqualTo(job.dueAt());
    assertThat(now.failures()).isEqualTo(job.failures());
    assertThat(now.error()).isEqualTo(job.error());
    assertThat(count("here", state)).isZero();
    assertThat(count("elsewhere", state)).isEqualTo(1);
    if (now.dueAt() != null) {
      assertThat(ids(stores.timers().due(now.dueAt(), 10))).containsExactly(job.id());
    }
  }

  @Test
  void aJobThatIsMovedIsReadyInItsNewPlace() {
    Job job = submitted(jobs.aJob().queue("here").queued());
    Transition change = job.move(new Move(null, "elsewhere"), tick());

    SaveResult saved = stores.jobs().save(List.of(change));

    assertThat(saved.ready()).containsExactly(change.after());
    assertThat(stores.jobs().current(Set.of(job.attemptId()))).isEmpty();
    assertThat(stores.jobs().current(Set.of(change.after().attemptId()))).hasSize(1);
    assertThat(stores.jobs().save(List.of(change)).applied()).containsExactly(job.attemptId());
    assertThat(count("elsewhere", JobState.QUEUED)).isEqualTo(1);
  }

  @Test
  void aJobThatRunsIsNotMoved() {
    Job job = submitted(jobs.aJob().queue("here").queued());
    Job another = submitted(jobs.aJob().queue("here").queued());
    Transition change = job.move(ELSEWHERE, tick());
    Transition beside = another.move(ELSEWHERE, tick());
    saved(job, Verb.START);

    Set<AttemptId> applied = stores.jobs().save(List.of(change, beside)).applied();

    assertThat(applied).containsExactly(another.attemptId());
    assertThat(found(job.id()).spec().queue()).isEqualTo("here");
    saved(found(job.id()), Verb.SUCCEED);
  }

  @Test
  void whoeverKnowsItInItsOldPlaceMeetsAJobThatHasMovedOn() {
    Job job = submitted(jobs.aJob().queue("here").scheduled(Duration.ofSeconds(1)));
    Transition wake = job.wake(tick());
    Job moved = saved(job.move(ELSEWHERE, tick()));

    assertThat(save(wake)).isEmpty();
    assertThat(saved(moved, Verb.WAKE).spec().queue()).isEqualTo("elsewhere");
    assertThat(count("elsewhere", JobState.QUEUED)).isEqualTo(1);
  }

  @Test
  void manyAreMovedAtOnce() {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(jobs.aJob().queue("here").queued());
    }
    submitted(all);

    SaveResult saved =
        stores.jobs().save(all.stream().map(job -> job.move(ELSEWHERE, tick())).toList());

    assertThat(saved.applied()).hasSize(300);
    assertThat(saved.ready()).hasSize(300).allMatch(job -> job.spec().priority() == 1);
    assertThat(count("here", JobState.QUEUED)).isZero();
    assertThat(count("elsewhere", JobState.QUEUED)).isEqualTo(300);
  }

  private long count(String queue, JobState state) {
    for (QueueFigures figures : stores.queues().all()) {
      if (figures.queue().equals(queue)) {
        return figures.jobs().getOrDefault(state, 0L);
      }
    }
    return 0;
  }
}
