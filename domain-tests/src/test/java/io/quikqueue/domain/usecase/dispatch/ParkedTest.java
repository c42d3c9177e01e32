package io.quikqueue.domain.usecase.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.GroupWindows;
import io.quikqueue.domain.port.ParkedJobs;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jobs that dispatch leaves in the store, and how they come into the ready queue. */
class ParkedTest {

  private static final GroupOfQueue BIG = new GroupOfQueue("q", "big");

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Windows windows = new Windows();
  private final Flaky<ParkedJobs> parked = new Flaky<>(ParkedJobs.class, world.memory.parked());
  private long nanos;
  private final Dispatch dispatch =
      new Dispatch(
          world.target.port(),
          new Park(windows, parked.port(), 100, () -> nanos),
          100,
          world.meter);
  private final Unpark unpark = new Unpark(windows, parked.port(), world.ready.port());

  /** Says what it is told to say. */
  private static final class Windows implements GroupWindows {
    final Set<AttemptId> beyond = new HashSet<>();
    final List<Claim> low = new ArrayList<>();
    final List<String> filled = new ArrayList<>();
    boolean wiped;

    @Override
    public Set<AttemptId> beyond(List<Envelope> jobs, long room) {
      return Set.copyOf(beyond);
    }

    @Override
    public void parked(Collection<GroupOfQueue> groups) {
      throw new UnsupportedOperationException("that is for a rebuild");
    }

    @Override
    public List<Claim> claim(int most, Duration time) {
      List<Claim> claims = List.copyOf(low);
      low.clear();
      return claims;
    }

    @Override
    public boolean filled(Claim claim, @Nullable Integer best) {
      filled.add(claim.mark() + " " + best);
      return !wiped;
    }
  }

  @Test
  void whatThereIsNoRoomForIsParkedAndTheRestIsReady() {
    List<Job> jobs = jobs(3);
    windows.beyond.add(jobs.get(1).attemptId());

    dispatch.dispatch(announced(jobs));

    assertThat(ready()).containsExactly(jobs.get(0).attemptId(), jobs.get(2).attemptId());
    assertThat(rows()).containsExactly(jobs.get(1).attemptId());
  }

  @Test
  void whileTheStoreIsAwayAllIsReadyAndForAWhileNobodyAsksIt() {
    List<Job> jobs = jobs(2);
    jobs.forEach(job -> windows.beyond.add(job.attemptId()));
    parked.down();
    dispatch.dispatch(announced(jobs.subList(0, 1)));
    parked.up();
    dispatch.dispatch(announced(jobs.subList(1, 2)));
    assertThat(ready()).hasSize(2);

    nanos += Duration.ofSeconds(5).toNanos();
    Job later = jobs(1).getFirst();
    windows.beyond.add(later.attemptId());
    dispatch.dispatch(announced(List.of(later)));

    assertThat(rows()).containsExactly(later.attemptId());
  }

  @Test
  void aBatchThatIsParkedAndNotDispatchedIsDeliveredAgain() {
    Job job = jobs(1).getFirst();
    windows.beyond.add(job.attemptId());
    List<StreamRecord> batch = announced(List.of(job));
    world.target.down();
    assertThatThrownBy(() -> dispatch.dispatch(batch)).isInstanceOf(UnavailableException.class);
    world.target.up();
    windows.beyond.clear();

    dispatch.dispatch(batch);

    assertThat(ready()).containsExactly(job.attemptId());
    low();
    assertThat(unpark.unpark()).isTrue();
    assertThat(ready()).as("the row that was left brings it no second time").isEmpty();
    assertThat(rows()).isEmpty();
  }

  @Test
  void parkedJobsComeInWhenTheirWindowRunsLow() {
    List<Job> jobs = parkedJobs(3);
    windows.low.add(new GroupWindows.Claim(BIG, "m", 2));

    assertThat(unpark.unpark()).isTrue();
    assertThat(unpark.unpark()).isFalse();

    assertThat(ready()).containsExactly(jobs.get(0).attemptId(), jobs.get(1).attemptId());
    assertThat(rows()).containsExactly(jobs.get(2).attemptId());
    assertThat(windows.filled).containsExactly("m 5");
  }

  @Test
  void whereNoneIsLeftTheReadyQueueIsTold() {
    low();

    unpark.unpark();

    assertThat(windows.filled).containsExactly("m null");
  }

  @Test
  void whoDiesBetweenPushAndDeleteLeavesARowThatDoesNoHarm() {
    List<Job> jobs = parkedJobs(2);
    low();
    parked.beforeNext(
        "remove",
        () -> {
          throw new IllegalStateException("killed");
        });
    assertThatThrownBy(unpark::unpark).hasMessage("killed");
    assertThat(rows()).hasSize(2);
    assertThat(ready()).hasSize(2);

    low();
    unpark.unpark();

    assertThat(ready()).isEmpty();
    assertThat(rows()).isEmpty();
    assertThat(jobs).hasSize(2);
  }

  @Test
  void whoMeetsAWipePushesAgain() {
    List<Job> jobs = parkedJobs(2);
    low();
    parked.beforeNext("remove", world.readyMemory::wipe);
    windows.wiped = true;

    unpark.unpark();

    assertThat(ready()).containsExactlyElementsOf(jobs.stream().map(Job::attemptId).toList());
  }

  @Test
  void jobsThatHaveGoneOnAreLeftOut() {
    List<Job> jobs = parkedJobs(3);
    world.saved(jobs.get(0).cancel(clock.instant()));
    Job retrying =
        world.saved(
            Jobs.after(
                world.saved(jobs.get(1).start(clock.instant())), Verb.FAIL, clock.instant()));
    assertThat(retrying.state()).isEqualTo(JobState.RETRYING);
    low();

    unpark.unpark();

    assertThat(ready()).containsExactly(jobs.get(2).attemptId());
    assertThat(rows()).isEmpty();
  }

  private void low() {
    windows.low.add(new GroupWindows.Claim(BIG, "m", 64));
  }

  private List<Job> parkedJobs(int count) {
    List<Job> jobs = jobs(count);
    world.memory.parked().park(jobs.stream().map(Envelope::of).toList());
    return jobs;
  }

  private List<Job> jobs(int count) {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(world.stored(world.jobs.aJob().queue("q").group("big").queued()));
    }
    return jobs;
  }

  private List<StreamRecord> announced(List<Job> jobs) {
    world.streamMemory.announce(jobs);
    return world.streamMemory.poll(100);
  }

  private List<AttemptId> ready() {
    try {
      return world
          .readyMemory
          .take(TakeRequest.ofAllTypes("w", Set.of(), 100, Duration.ofMinutes(1), Duration.ZERO))
          .stream()
          .map(Job::attemptId)
          .toList();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<AttemptId> rows() {
    return world.memory.parked().first(BIG, 100).stream().map(ParkedJobs.Parked::attempt).toList();
  }
}
