package io.quikqueue.domain.usecase.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.Pause.Kind;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.usecase.Caller;
import org.junit.jupiter.api.Test;

class PauseJobsTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private final SettableClock clock = new SettableClock();
  private final InMemoryStore memory = new InMemoryStore(clock);
  private final PauseJobs pauses = new PauseJobs(memory, clock);

  @Test
  void aPauseSaysWhoMadeItWhenAndWhy() {
    Pause pause = pauses.pause(CALLER, Kind.QUEUE, "mails", "moving");

    assertThat(pause)
        .isEqualTo(new Pause(Kind.QUEUE, "mails", "moving", CALLER.id(), clock.instant()));
    assertThat(pauses.all(CALLER)).containsExactly(pause);
  }

  @Test
  void resumingSaysWhetherThereWasAPause() {
    pauses.pause(CALLER, Kind.TYPE, "http", null);

    assertThat(pauses.resume(CALLER, Kind.TYPE, "http")).isTrue();
    assertThat(pauses.resume(CALLER, Kind.TYPE, "http")).isFalse();
    assertThat(pauses.all(CALLER)).isEmpty();
  }

  @Test
  void aNoteHasABound() {
    pauses.pause(CALLER, Kind.QUEUE, "mails", "n".repeat(Pause.MAX_NOTE));

    assertThatThrownBy(
            () -> pauses.pause(CALLER, Kind.QUEUE, "mails", "n".repeat(Pause.MAX_NOTE + 1)))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("note"));
  }

  @Test
  void namesThatNoQueueOrTypeCanHaveAreRefused() {
    assertThatThrownBy(() -> pauses.pause(CALLER, Kind.QUEUE, "A B", null))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("queue"));
    assertThatThrownBy(() -> pauses.resume(CALLER, Kind.TYPE, ""))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("type"));
  }

  @Test
  void thereIsABoundOnHowManyAreInForceButNotOnChangingThem() {
    for (int i = 0; i < Pauses.MOST; i++) {
      memory.pause(new Pause(Kind.QUEUE, "q" + i, null, "ops", clock.instant()));
    }

    assertThatThrownBy(() -> pauses.pause(CALLER, Kind.TYPE, "http", null))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("1000 pauses are in force");
    assertThat(pauses.pause(CALLER, Kind.QUEUE, "q7", "new").note()).isEqualTo("new");
  }
}
