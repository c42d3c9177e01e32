package io.quikqueue.domain.usecase.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubmitTest {

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Submit submit =
      new Submit(world.listened, clock, new JobIds(clock, new Random(1)), world.meter);

  @Test
  void acceptedJobsAreStoredInOrderAndHandedOverToBeAnnounced() {
    List<JobRequest> requests = new ArrayList<>();
    for (int i = 0; i < Submit.MAX_BATCH; i++) {
      requests.add(JobRequest.of(JobSpec.of("echo", Integer.toString(i))));
    }

    List<SubmitResult> answers = submit.submit(requests);

    List<Job> stored = answers.stream().map(SubmitTest::accepted).toList();
    assertThat(stored)
        .extracting(job -> job.spec().payload())
        .containsExactlyElementsOf(
            requests.stream().map(request -> request.spec().payload()).toList());
    assertThat(stored).extracting(Job::id).isSorted();
    assertThat(stored).allMatch(job -> job.state() == JobState.QUEUED);
    assertThat(stored).allMatch(job -> world.found(job.id()).equals(job));
    assertThat(world.announced).isEqualTo(stored);
    assertThat(world.meter.count("submitted/default")).isEqualTo(Submit.MAX_BATCH);
  }

  @Test
  void delayedJobsAreStoredAndNotAnnounced() {
    Instant later = clock.instant().plusSeconds(90);
    JobSpec spec = JobSpec.of("echo", "1");

    List<SubmitResult> answers =
        submit.submit(
            List.of(
                new JobRequest(spec, null, Duration.ofSeconds(90), null),
                new JobRequest(spec, later, null, null)));

    assertThat(answers)
        .extracting(answer -> accepted(answer).state())
        .containsExactly(JobState.SCHEDULED, JobState.SCHEDULED);
    assertThat(answers)
        .extracting(answer -> accepted(answer).dueAt())
        .containsExactly(later, later);
    assertThat(world.announced).isEmpty();
    assertThat(world.meter.count("submitted/default")).isEqualTo(2);
  }

  @Test
  void aDelayOfNothingOrAMomentThatHasPassedIsAtOnce() {
    JobSpec spec = JobSpec.of("echo", "1");

    submit.submit(
        List.of(
            new JobRequest(spec, null, Duration.ZERO, null),
            new JobRequest(spec, Instant.EPOCH, null, null)));

    assertThat(world.announced).hasSize(2);
  }

  @Test
  void onlyWhatIsNewIsAnnouncedAndCounted() {
    JobSpec spec = JobSpec.of("echo", "1");
    JobRequest first = new JobRequest(spec, null, null, Jobs.aKey("k", 1));
    JobRequest other = new JobRequest(spec, null, null, Jobs.aKey("k", 2));
    JobRequest never = new JobRequest(spec, Instant.MAX, null, null);

    List<SubmitResult> answers = submit.submit(List.of(first, first, other, never));

    Job stored = accepted(answers.getFirst());
    assertThat(answers.subList(1, 3))
        .containsExactly(
            new SubmitResult.Replayed(stored), new SubmitResult.KeyReused(stored.id()));
    assertThat(answers.getLast()).isInstanceOf(SubmitResult.Refused.class);
    assertThat(world.announced).containsExactly(stored);
    assertThat(world.meter.count("submitted/default")).isEqualTo(1);
  }

  @Test
  void nothingIsAnnouncedWhenTheStoreIsAway() {
    world.store.down();

    assertThatThrownBy(() -> submit.submit(List.of(JobRequest.of(JobSpec.of("echo", "1")))))
        .isInstanceOf(UnavailableException.class);

    assertThat(world.announced).isEmpty();
  }

  @Test
  void aJobWhoseAnswerGotLostIsLeftToTheRelay() {
    world.store.loseAnswers(1);

    assertThatThrownBy(() -> submit.submit(List.of(JobRequest.of(JobSpec.of("echo", "1")))))
        .isInstanceOf(UnavailableException.class);

    assertThat(world.announced).isEmpty();
    assertThat(world.outboxed()).hasSize(1);
  }

  @Test
  void aKeyCountsForItsLife() {
    Submit twoHours =
        new Submit(
            world.listened,
            clock,
            new JobIds(clock, new Random(1)),
            world.meter,
            () -> PolicyTable.EMPTY,
            Duration.ofHours(2),
            () -> LimitTable.EMPTY,
            null);
    JobRequest request = new JobRequest(JobSpec.of("echo", "1"), null, null, Jobs.aKey("k", 1));
    Job first = accepted(twoHours.submit(List.of(request)).getFirst());
    clock.advance(Duration.ofHours(2).minusMillis(1));
    SubmitResult replayed = new SubmitResult.Replayed(first);

    assertThat(twoHours.submit(List.of(request))).containsExactly(replayed);
    assertThat(twoHours.earlier(request)).contains(replayed);

    clock.advance(Duration.ofMillis(1));
    assertThat(twoHours.earlier(request)).isEmpty();
    Job second = accepted(twoHours.submit(List.of(request)).getFirst());
    assertThat(second.id()).isNotEqualTo(first.id());
  }

  private static Job accepted(SubmitResult answer) {
    return ((SubmitResult.Accepted) answer).job();
  }

  @Test
  void theLimitsOfItsQueueAreForTheStoreToKeep() {
    Limits one = new Limits(null, null, null, null, 1, null, Map.of());
    Submit limited =
        new Submit(
            world.listened,
            clock,
            new JobIds(clock, new Random(1)),
            world.meter,
            () -> PolicyTable.EMPTY,
            Duration.ofHours(2),
            () -> new LimitTable(1, Map.of("default", one), Map.of()),
            null);
    JobRequest request = new JobRequest(JobSpec.of("echo", "1"), null, null, null);
    JobRequest other =
        new JobRequest(JobSpec.builder("echo", "1").queue("other").build(), null, null, null);

    assertThat(limited.submit(List.of(request, request, other)))
        .satisfiesExactly(
            first -> assertThat(first).isInstanceOf(SubmitResult.Accepted.class),
            second -> assertThat(second).isEqualTo(new SubmitResult.Full("default", null, 1, 1)),
            third -> assertThat(third).isInstanceOf(SubmitResult.Accepted.class));
  }
}
