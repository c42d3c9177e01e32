package io.quikqueue.domain.usecase.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.InMemoryPolicies;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.policy.PoliciesInForce;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WakeTest {

  private static final Duration MOST = Duration.ofSeconds(10);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Wake wake = new Wake(world.memory, world.listened, clock, world.meter);

  @Test
  void withNothingToWaitForItWaitsAsLongAsItMay() {
    world.stored(world.jobs.aScheduledJob(MOST.plusMillis(1)));

    assertThat(wake.wake(MOST)).isEqualTo(MOST);
  }

  @Test
  void itSleepsUntilTheNextJobIsDueAndThenQueuesIt() {
    Job job = world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(3)));

    assertThat(wake.wake(MOST)).isEqualTo(Duration.ofSeconds(3));
    clock.advance(Duration.ofSeconds(3).minusNanos(1000));
    assertThat(wake.wake(MOST)).isEqualTo(Duration.ofNanos(1000));
    assertThat(world.state(job)).isEqualTo(JobState.SCHEDULED);

    clock.advance(Duration.ofNanos(1000));
    assertThat(wake.wake(MOST)).as("perhaps there are more").isZero();
    assertThat(wake.wake(MOST)).isEqualTo(MOST);
    assertThat(world.state(job)).isEqualTo(JobState.QUEUED);
    assertThat(world.announced).containsExactly(world.found(job.id()));
    assertThat(world.outboxed()).containsExactly(world.found(job.id()));
    assertThat(world.meter.count("woken")).isEqualTo(1);
  }

  @Test
  void aChangedPolicyCountsFromTheNextAttemptOn() {
    InMemoryPolicies store = new InMemoryPolicies();
    PoliciesInForce policies = new PoliciesInForce(store, () -> clock.millis() * 1_000_000);
    Wake refreshing =
        new Wake(world.memory, world.listened, clock, world.meter, policies::refreshed);
    Job retrying = world.stored(world.jobs.aJob(), JobState.RETRYING);
    assertThat(policies.table().types()).isEmpty();
    store.put(
        LimitKey.type(retrying.spec().type()),
        new PolicyOptions(new RetryOptions(77, null, null, null), null),
        "me",
        clock.instant(),
        _ -> true);
    clock.advance(Duration.ofSeconds(1));

    refreshing.wake(MOST);

    assertThat(world.found(retrying.id()).spec().policy().maxAttempts()).isEqualTo(77);
    assertThat(world.announced)
        .singleElement()
        .satisfies(job -> assertThat(job.spec().policy().maxAttempts()).isEqualTo(77));
  }

  @Test
  void aRetryGetsTheNextAttempt() {
    Job retrying = world.stored(world.jobs.aJob(), JobState.RETRYING);
    clock.advance(Duration.ofSeconds(1));

    wake.wake(MOST);

    assertThat(world.found(retrying.id()).attempt()).isEqualTo(2);
    assertThat(world.announced).extracting(Job::attempt).containsExactly(2);
  }

  @Test
  void theNextCallComesWhenTheNextJobIsDue() {
    world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(1)));
    world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(4)));
    clock.advance(Duration.ofSeconds(1));

    assertThat(wake.wake(MOST)).isEqualTo(Duration.ofSeconds(3));
    assertThat(world.announced).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RETRYING"})
  void aJobWhoseDeadlinePassedUnstartedExpires(JobState state) {
    Instant deadline = clock.instant().plusMillis(100);
    Job job = world.stored(world.jobs.aJob().deadline(deadline), state);

    assertThat(wake.wake(MOST)).isEqualTo(Duration.ofMillis(100));
    clock.set(deadline);
    wake.wake(MOST);

    assertThat(world.state(job)).isEqualTo(JobState.EXPIRED);
    assertThat(world.ended()).containsExactly(world.found(job.id()));
    assertThat(world.announced).isEmpty();
    assertThat(world.meter.count("woken")).isZero();
  }

  @Test
  void aJobDueAtItsDeadlineExpires() {
    Instant due = clock.instant().plusSeconds(5);
    Job job = world.stored(world.jobs.aJob().deadline(due).scheduled(due));
    clock.set(due);

    wake.wake(MOST);

    assertThat(world.state(job)).isEqualTo(JobState.EXPIRED);
  }

  @Test
  void aRunningJobMayOutliveItsDeadline() {
    Job job =
        world.stored(world.jobs.aJob().deadline(clock.instant().plusSeconds(1)), JobState.RUNNING);
    clock.advance(Duration.ofSeconds(2));

    assertThat(wake.wake(MOST)).isEqualTo(MOST);

    assertThat(world.state(job)).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aFullBatchIsFollowedAtOnce() {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 501; i++) {
      jobs.add(world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(1))));
    }
    clock.advance(Duration.ofSeconds(1));

    assertThat(wake.wake(MOST)).isZero();
    assertThat(world.announced).hasSize(500);
    assertThat(wake.wake(MOST)).isZero();
    assertThat(wake.wake(MOST)).isEqualTo(MOST);
    assertThat(world.announced)
        .extracting(Job::id)
        .containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
  }

  @Test
  void aJobThatMovedOnMeanwhileIsLeftAlone() {
    Job job = world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(1)));
    Job other = world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(1)));
    clock.advance(Duration.ofSeconds(1));
    world.store.beforeNext("save", () -> world.saved(job.cancel(clock.instant())));

    wake.wake(MOST);

    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
    assertThat(world.announced).containsExactly(world.found(other.id()));
    assertThat(world.meter.count("woken")).isEqualTo(1);
  }

  @Test
  void withoutTheStoreNothingHappensAndNothingIsLost() {
    Job job = world.stored(world.jobs.aScheduledJob(Duration.ofSeconds(1)));
    clock.advance(Duration.ofSeconds(1));
    world.store.down();
    assertThatThrownBy(() -> wake.wake(MOST)).isInstanceOf(UnavailableException.class);
    assertThat(world.announced).isEmpty();

    world.store.up();
    wake.wake(MOST);

    assertThat(world.state(job)).isEqualTo(JobState.QUEUED);
  }
}
