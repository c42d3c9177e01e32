package io.quikqueue.domain.usecase.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.UnavailableException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DispatchTest {

  private final World world = new World(new SettableClock());
  private final Dispatch dispatch = new Dispatch(world.target.port(), 8, world.meter);

  @Test
  void whatWasAnnouncedBecomesReady() {
    assertThat(dispatch.dispatch(announced("a", 3))).isEmpty();

    assertThat(dispatch.depth()).containsExactly(Map.entry("a", 3L));
    assertThat(world.meter.count("dispatched")).isEqualTo(3);
  }

  @Test
  void whatIsRedeliveredIsPushedOnce() {
    List<StreamRecord> batch = announced("a", 3);
    dispatch.dispatch(batch);
    dispatch.dispatch(batch);

    assertThat(dispatch.depth()).containsExactly(Map.entry("a", 3L));
  }

  @Test
  void aQueueAtItsHighWaterMarkIsFull() {
    assertThat(dispatch.dispatch(announced("a", 7))).isEmpty();
    assertThat(dispatch.dispatch(announced("b", 1))).isEmpty();
    assertThat(dispatch.dispatch(announced("a", 1))).containsExactly("a");
    assertThat(dispatch.dispatch(announced("b", 1))).isEmpty();
  }

  @Test
  void moreIsWantedBelowThreeQuarters() {
    assertThat(dispatch.lowWater()).isEqualTo(6);
    assertThat(new Dispatch(world.target.port(), 1, world.meter).lowWater()).isEqualTo(1);
  }

  @Test
  void nothingIsCountedWhenTheReadyQueueIsAway() {
    List<StreamRecord> batch = announced("a", 3);
    world.target.down();
    assertThatThrownBy(() -> dispatch.dispatch(batch)).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(dispatch::depth).isInstanceOf(UnavailableException.class);
    assertThat(world.meter.count("dispatched")).isZero();

    world.target.up();
    dispatch.dispatch(batch);

    assertThat(dispatch.depth()).containsExactly(Map.entry("a", 3L));
  }

  private List<StreamRecord> announced(String queue, int count) {
    for (int i = 0; i < count; i++) {
      world.streamMemory.announce(List.of(world.jobs.aJob().queue(queue).queued()));
    }
    return world.streamMemory.poll(100);
  }
}
