package io.quikqueue.domain.usecase.dead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.DeadJob;
import io.quikqueue.domain.port.DeadJobStream;
import io.quikqueue.domain.port.DeadOutbox;
import io.quikqueue.domain.port.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishDeadTest {

  private final World world = new World(new SettableClock());
  private final List<DeadJob> published = new ArrayList<>();
  private final Flaky<DeadOutbox> outbox = new Flaky<>(DeadOutbox.class, world.memory.deadOutbox());
  private final Flaky<DeadJobStream> stream = new Flaky<>(DeadJobStream.class, published::addAll);
  private final PublishDead publish = new PublishDead(outbox.port(), stream.port());

  @Test
  void publishesEachInBatches() {
    List<AttemptId> failed = failed(700);

    assertThat(publish.publish()).isTrue();
    assertThat(publish.publish()).isFalse();
    assertThat(publish.publish()).isFalse();

    assertThat(published).extracting(DeadJob::attempt).isEqualTo(failed);
    assertThat(world.memory.deadOutbox().unpublished(10)).isEmpty();
  }

  @Test
  void keepsThemWhileTheStreamIsAway() {
    List<AttemptId> failed = failed(3);
    stream.down();
    assertThatThrownBy(publish::publish).isInstanceOf(UnavailableException.class);

    stream.up();
    publish.publish();

    assertThat(published).extracting(DeadJob::attempt).isEqualTo(failed);
  }

  @Test
  void publishesAgainWhatItCouldNotForget() {
    List<AttemptId> failed = failed(3);
    outbox.beforeNext(
        "forget",
        () -> {
          throw new UnavailableException("store", "killed after the stream had them");
        });
    assertThatThrownBy(publish::publish).isInstanceOf(UnavailableException.class);

    publish.publish();

    assertThat(published).hasSize(6);
    assertThat(published.subList(3, 6)).extracting(DeadJob::attempt).isEqualTo(failed);
  }

  private List<AttemptId> failed(int count) {
    List<AttemptId> failed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      failed.add(world.stored(world.jobs.aJob(), JobState.FAILED).attemptId());
    }
    return failed;
  }
}
