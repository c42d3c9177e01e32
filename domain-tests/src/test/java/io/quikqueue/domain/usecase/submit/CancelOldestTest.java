package io.quikqueue.domain.usecase.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CancelOldestTest {

  private final SettableClock clock = new SettableClock();
  private final InMemoryStore store = new InMemoryStore(clock);
  private Limits limits = limits(2, null);

  private final Submit submit =
      new Submit(
          store,
          clock,
          new JobIds(clock, new Random(1)::nextLong),
          Meter.NONE,
          () -> PolicyTable.EMPTY,
          Duration.ofHours(2),
          () -> new LimitTable(1, Map.of("q", limits), Map.of()),
          new CancelOldest(store, store, clock));

  @Test
  void theOldestMakeRoomAndSayWhy() {
    List<Job> jobs = submitted(null, null, null, null, null);

    assertThat(states(jobs))
        .containsExactly(
            JobState.CANCELLED,
            JobState.CANCELLED,
            JobState.CANCELLED,
            JobState.QUEUED,
            JobState.QUEUED);
    assertThat(now(jobs.getFirst()).note())
        .isEqualTo("cancelled: a newer job took its place, since in queue \"q\" 2 may wait");
  }

  @Test
  void aRunningJobIsLeftAlone() {
    Job first = submitted((String) null).getFirst();
    store.save(List.of(first.start(clock.instant())));

    List<Job> jobs = submitted(null, null, null);

    assertThat(now(first).state()).isEqualTo(JobState.RUNNING);
    assertThat(states(jobs)).containsExactly(JobState.CANCELLED, JobState.QUEUED, JobState.QUEUED);
  }

  @Test
  void groupsMakeRoomFirst() {
    limits = limits(3, 1);

    List<Job> jobs = submitted("a", "b", "a", null, null);

    assertThat(states(jobs))
        .containsExactly(
            JobState.CANCELLED,
            JobState.CANCELLED,
            JobState.QUEUED,
            JobState.QUEUED,
            JobState.QUEUED);
    assertThat(now(jobs.getFirst()).note())
        .isEqualTo(
            "cancelled: a newer job took its place, since in group \"a\" in queue \"q\" 1 may"
                + " wait");
  }

  private List<Job> submitted(@Nullable String... groups) {
    List<JobRequest> requests =
        Arrays.stream(groups)
            .map(group -> JobSpec.builder("echo", "1").queue("q").group(group).build())
            .map(JobRequest::of)
            .toList();
    return submit.submit(requests).stream()
        .map(answer -> ((SubmitResult.Accepted) answer).job())
        .toList();
  }

  private List<JobState> states(List<Job> jobs) {
    return jobs.stream().map(job -> now(job).state()).toList();
  }

  private Job now(Job job) {
    return store.find(List.of(job.id())).get(job.id());
  }

  private static Limits limits(@Nullable Integer ofQueue, @Nullable Integer ofGroup) {
    return new Limits(null, null, null, null, ofQueue, ofGroup, OnLimit.CANCEL_OLDEST, Map.of());
  }
}
