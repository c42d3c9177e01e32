package io.quikqueue.domain.usecase.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.PauseKey;
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
    Pause pause = pauses.pause(CALLER, PauseKey.queue("mails"), "moving");

    assertThat(pause)
        .isEqualTo(new Pause(PauseKey.queue("mails"), "moving", CALLER.id(), clock.instant()));
    assertThat(pauses.all(CALLER)).containsExactly(pause);
  }

  @Test
  void resumingSaysWhetherThereWasAPause() {
    pauses.pause(CALLER, PauseKey.type("http"), null);

    assertThat(pauses.resume(CALLER, PauseKey.type("http"))).isTrue();
    assertThat(pauses.resume(CALLER, PauseKey.type("http"))).isFalse();
    assertThat(pauses.all(CALLER)).isEmpty();
  }

  @Test
  void aNoteHasABound() {
    pauses.pause(CALLER, PauseKey.queue("mails"), "n".repeat(Pause.MAX_NOTE));

    assertThatThrownBy(
            () -> pauses.pause(CALLER, PauseKey.queue("mails"), "n".repeat(Pause.MAX_NOTE + 1)))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("note"));
  }

  @Test
  void namesThatNoQueueOrTypeCanHaveAreRefused() {
    assertThatThrownBy(() -> pauses.pause(CALLER, PauseKey.queue("A B"), null))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("queue"));
    assertThatThrownBy(() -> pauses.resume(CALLER, PauseKey.type("")))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("type"));
  }

  @Test
  void aGroupIsOneOfAQueueAndCanHaveAnyCharactersButControl() {
    Pause pause = pauses.pause(CALLER, PauseKey.group("mails", "a/b %20 ✂"), null);

    assertThat(pauses.all(CALLER)).containsExactly(pause);
    assertThat(pause.key()).hasToString("group \"a/b %20 ✂\" of queue \"mails\"");
    PauseKey.group("mails", "g".repeat(200));
    for (String no : new String[] {"", "g".repeat(201), "a\nb", "\ud800"}) {
      assertThatThrownBy(() -> PauseKey.group("mails", no))
          .isInstanceOfSatisfying(
              InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("group"));
    }
    assertThatThrownBy(() -> PauseKey.group("A B", "a"))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("queue"));
  }

  @Test
  void thereIsABoundOnHowManyAreInForceButNotOnChangingThem() {
    for (int i = 0; i < Pauses.MOST; i++) {
      memory.pause(new Pause(PauseKey.queue("q" + i), null, "ops", clock.instant()));
    }

    assertThatThrownBy(() -> pauses.pause(CALLER, PauseKey.type("http"), null))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("1000 pauses are in force");
    assertThat(pauses.pause(CALLER, PauseKey.queue("q7"), "new").note()).isEqualTo("new");
  }
}
