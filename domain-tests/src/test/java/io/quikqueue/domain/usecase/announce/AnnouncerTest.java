package io.quikqueue.domain.usecase.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnouncerTest {

  private final World world = new World(new SettableClock());
  private final Announcer announcer =
      new Announcer(new Announce(world.stream.port(), world.outbox.port(), world.meter));

  @AfterEach
  void close() {
    announcer.close();
  }

  @Test
  void whatWasCommittedIsAnnouncedInOrderAndForgotten() {
    List<Job> jobs = committed(1200);

    announcer.accept(jobs.subList(0, 1));
    announcer.accept(jobs.subList(1, 1200));

    await().until(() -> world.memory.size() == 0);
    assertThat(world.streamed()).isEqualTo(jobs);
  }

  @Test
  void whileTheStreamIsAwayJobsAreLeftToTheRelay() {
    world.stream.down();
    List<Job> left = committed(3);
    announcer.accept(left);
    await().until(() -> world.stream.calls("announce") > 0);

    world.stream.up();
    List<Job> later = committed(2);
    announcer.accept(later);

    await().until(() -> world.outboxed().equals(left));
    assertThat(world.streamed()).containsExactlyElementsOf(later);
  }

  @Test
  void aBugInOneBatchDoesNotStopTheNext() {
    List<Job> jobs = committed(2);
    world.stream.beforeNext(
        "announce",
        () -> {
          throw new IllegalStateException("a bug");
        });
    announcer.accept(jobs.subList(0, 1));
    await().until(() -> world.stream.calls("announce") == 1);

    announcer.accept(jobs.subList(1, 2));

    await().until(() -> world.outboxed().equals(jobs.subList(0, 1)));
  }

  @Test
  void whatComesInABurstIsAnnouncedInFewRounds() {
    List<Job> jobs = committed(500);
    CountDownLatch burst = new CountDownLatch(1);
    world.stream.beforeNext("announce", () -> await().until(() -> burst.getCount() == 0));

    jobs.forEach(job -> announcer.accept(List.of(job)));
    burst.countDown();

    await().until(() -> world.memory.size() == 0);
    assertThat(world.streamed()).isEqualTo(jobs);
    assertThat(world.stream.calls("announce")).isLessThan(250);
    assertThat(world.outbox.calls("delete")).isLessThan(250);
  }

  @Test
  void whatCouldNotBeForgottenIsForgottenLater() {
    world.outbox.down();
    List<Job> jobs = committed(3);
    announcer.accept(jobs);
    await().until(() -> world.outbox.calls("delete") > 0);
    assertThat(world.streamed()).isEqualTo(jobs);

    world.outbox.up();

    await().until(() -> world.memory.size() == 0);
    assertThat(world.streamed()).isEmpty();
  }

  @Test
  void closingDoesNotWaitForAStoreThatIsAway() {
    world.outbox.down();
    List<Job> jobs = committed(3);
    announcer.accept(jobs);

    announcer.close();

    assertThat(world.streamed()).isEqualTo(jobs);
    assertThat(world.memory.size()).isEqualTo(3);
  }

  @Test
  void closingAnnouncesWhatWaits() {
    List<Job> jobs = committed(50);
    announcer.accept(jobs);

    announcer.close();

    assertThat(world.streamed()).isEqualTo(jobs);
    assertThat(world.outboxed()).isEmpty();
  }

  @Test
  void whatFindsNoRoomIsLeftToTheRelay() {
    List<Job> jobs = committed(20_600);

    announcer.accept(jobs);
    announcer.close();

    int announced = world.streamed().size();
    assertThat(announced).isBetween(20_000 - 500, 20_600);
    assertThat(world.memory.size()).isEqualTo(20_600 - announced);
  }

  private List<Job> committed(int count) {
    List<Job> jobs = world.jobs.queuedJobs(count);
    jobs.forEach(world::stored);
    return jobs;
  }
}
