package io.quikqueue.domain.usecase.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.announce.Announce;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayTest {

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Relay relay =
      new Relay(
          world.outbox.port(),
          new Announce(world.stream.port(), world.outbox.port(), world.meter),
          clock,
          GRACE,
          world.meter);

  @Test
  void whatIsYoungIsLeftToItsWriter() {
    Job job = world.stored(world.jobs.aQueuedJob());
    clock.advance(GRACE);
    assertThat(relay.relay()).isFalse();
    assertThat(world.streamed()).isEmpty();

    clock.advance(Duration.ofMillis(1));
    assertThat(relay.relay()).isFalse();
    assertThat(world.streamed()).containsExactly(job);
    assertThat(world.outboxed()).isEmpty();
    assertThat(world.meter.count("relayed")).isEqualTo(1);
  }

  @Test
  void manyAreRelayedInBatchesOldestFirst() {
    List<Job> jobs = world.jobs.queuedJobs(1100);
    jobs.reversed().forEach(world::stored);
    clock.advance(Duration.ofMinutes(1));

    assertThat(relay.relay()).isTrue();
    assertThat(world.streamed()).isEqualTo(jobs.subList(0, 500));
    assertThat(relay.relay()).isTrue();
    assertThat(relay.relay()).isFalse();
    assertThat(world.streamed()).isEqualTo(jobs.subList(500, 1100));
    assertThat(relay.relay()).isFalse();
    assertThat(world.meter.count("relayed")).isEqualTo(1100);
  }

  @Test
  void whatHasMovedOnIsNotAnnounced() {
    Job job = world.stored(world.jobs.aQueuedJob());
    world.saved(job.cancel(clock.instant()));
    clock.advance(Duration.ofMinutes(1));

    assertThat(relay.relay()).isFalse();

    assertThat(world.streamed()).isEmpty();
  }

  @Test
  void whileTheStreamIsAwayNothingIsLost() {
    Job job = world.stored(world.jobs.aQueuedJob());
    clock.advance(Duration.ofMinutes(1));
    world.stream.down();
    assertThatThrownBy(relay::relay).isInstanceOf(UnavailableException.class);
    assertThat(world.meter.count("relayed")).isZero();

    world.stream.up();
    relay.relay();

    assertThat(world.streamed()).containsExactly(job);
  }
}
