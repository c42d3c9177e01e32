package io.quikqueue.domain.usecase.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.UnavailableException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnnounceTest {

  private final World world = new World(new SettableClock());
  private final Announce announce =
      new Announce(world.stream.port(), world.outbox.port(), world.meter);
  private List<Job> jobs;

  @BeforeEach
  void storeJobs() {
    jobs = world.jobs.queuedJobs(3);
    jobs.forEach(world::stored);
  }

  @Test
  void whatIsAnnouncedIsForgotten() {
    announce.announce(jobs.subList(0, 2));

    assertThat(world.streamed()).isEqualTo(jobs.subList(0, 2));
    assertThat(world.outboxed()).containsExactly(jobs.get(2));
    assertThat(world.meter.count("announced")).isEqualTo(2);
  }

  @Test
  void whatCouldNotBeAnnouncedIsNotForgotten() {
    world.stream.down();

    assertThatThrownBy(() -> announce.announce(jobs)).isInstanceOf(UnavailableException.class);

    assertThat(world.outboxed()).isEqualTo(jobs);
    assertThat(world.meter.count("announced")).isZero();
  }

  @Test
  void whatMayHaveBeenAnnouncedIsAnnouncedAgain() {
    world.stream.loseAnswers(1);
    assertThatThrownBy(() -> announce.announce(jobs)).isInstanceOf(UnavailableException.class);
    assertThat(world.outboxed()).isEqualTo(jobs);

    announce.announce(world.outboxed());

    assertThat(world.streamed()).hasSize(6);
    assertThat(world.outboxed()).isEmpty();
  }

  @Test
  void whatCouldNotBeForgottenStays() {
    world.outbox.down();

    assertThatThrownBy(() -> announce.announce(jobs)).isInstanceOf(UnavailableException.class);

    assertThat(world.streamed()).isEqualTo(jobs);
    assertThat(world.outboxed()).isEqualTo(jobs);
  }

  @Test
  void onlyTheAttemptThatWasAnnouncedIsForgotten() {
    Job second = world.saved(jobs.getFirst().rescue(world.jobs.now()));

    announce.announce(List.of(jobs.getFirst()));

    assertThat(second.state()).isEqualTo(JobState.QUEUED);
    assertThat(world.outboxed()).containsExactly(second, jobs.get(1), jobs.get(2));
  }
}
