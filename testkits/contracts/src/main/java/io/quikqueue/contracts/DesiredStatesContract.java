package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.DesiredStates;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link DesiredStates} guarantees. */
public abstract class DesiredStatesContract extends StoreContract {

  private static final Instant AT = Instant.parse("2026-05-01T10:00:00.123456Z");

  private DesiredStates states;

  @BeforeEach
  void setStates() {
    states = stores.desired();
  }

  @Test
  void nothingIsAskedAtFirst() {
    assertThat(states.all()).isEmpty();
  }

  @Test
  void statesAreKeptAsTheyAreByWorker() {
    DesiredState drained = new DesiredState("b", 7, true, "Ünïcode 🎉 ' \\ \n", "kim/é", AT);
    DesiredState small = new DesiredState("pull:a/b:c+d", 0, false, null, "k".repeat(200), AT);
    DesiredState odd = new DesiredState("B", 10_000, true, "n".repeat(500), "", AT);
    states.change(none("pull:a/b:c+d"), _ -> small);
    states.change(none("b"), _ -> drained);
    states.change(none("B"), _ -> odd);

    assertThat(states.all()).containsExactly(odd, drained, small);
  }

  @Test
  void aChangeSeesTheOneBefore() {
    states.change(none("w"), state -> state.withSlots(3, "a", AT));
    DesiredState after =
        states.change(none("w"), state -> state.withDraining(true, "why", "b", AT.plusSeconds(1)));

    assertThat(after).isEqualTo(new DesiredState("w", 3, true, "why", "b", AT.plusSeconds(1)));
    assertThat(states.all()).containsExactly(after);
  }

  @Test
  void aStateInWhichNothingIsAskedIsNotKept() {
    states.change(none("w"), state -> state.withSlots(3, "a", AT));
    states.change(none("other"), state -> state);

    assertThat(states.change(none("w"), state -> state.withSlots(null, "a", AT)).isNone()).isTrue();
    assertThat(states.all()).isEmpty();
  }

  @Test
  void ofManyChangesAtOnceEachSeesTheOthers() throws InterruptedException {
    List<Callable<DesiredState>> changes =
        IntStream.range(0, 8)
            .mapToObj(
                _ ->
                    (Callable<DesiredState>)
                        () ->
                            states.change(
                                none("w"),
                                state -> {
                                  Integer slots = state.slots();
                                  return state.withSlots(slots == null ? 1 : slots + 1, "a", AT);
                                }))
            .toList();

    atOnce(changes);

    assertThat(states.all()).singleElement().extracting(DesiredState::slots).isEqualTo(8);
  }

  @Test
  void aStateIsForgottenWithItsWorker() {
    states.change(none("a"), state -> state.withSlots(3, "a", AT));
    states.change(none("b"), state -> state.withSlots(3, "a", AT));

    states.remove("a");
    states.remove("never");

    assertThat(states.all()).extracting(DesiredState::worker).containsExactly("b");
  }

  @Test
  void hearingOfWorkersAddsNone() {
    states.heard(Set.of("a", "b"));

    assertThat(states.all()).isEmpty();
  }

  private static DesiredState none(String worker) {
    return DesiredState.none(worker, "a", AT);
  }
}
