package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.Pause.Kind;
import io.quikqueue.domain.port.Pauses;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Pauses} guarantees. */
public abstract class PausesContract extends StoreContract {

  private Pauses pauses;

  @BeforeEach
  void setPauses() {
    pauses = stores.pauses();
  }

  @Test
  void nothingIsPausedAtFirst() {
    assertThat(pauses.inForce()).isEmpty();
  }

  @Test
  void pausesAreKeptByKindAndName() {
    Pause mails = pause(Kind.QUEUE, "mails", "the server moves: ✂ \"until 5\"");
    Pause alpha = pause(Kind.QUEUE, "alpha", null);
    Pause type = pause(Kind.TYPE, "mails", "a".repeat(Pause.MAX_NOTE));

    assertThat(pauses.inForce()).containsExactly(alpha, mails, type);
  }

  @Test
  void aLongNoteOfWideCharactersIsKept() {
    Pause wide = pause(Kind.TYPE, "http", "漢".repeat(Pause.MAX_NOTE));

    assertThat(pauses.inForce()).containsExactly(wide);
  }

  @Test
  void pausedAgainTheNewNoteCounts() {
    pause(Kind.QUEUE, "mails", "first");
    Pause second = pause(Kind.QUEUE, "mails", "second");

    assertThat(pauses.inForce()).containsExactly(second);
  }

  @Test
  void resumingEndsOnePauseAndSaysWhetherThereWasOne() {
    Pause queue = pause(Kind.QUEUE, "mails", null);
    pause(Kind.TYPE, "mails", null);

    assertThat(pauses.resume(Kind.TYPE, "mails")).isTrue();
    assertThat(pauses.resume(Kind.TYPE, "mails")).isFalse();
    assertThat(pauses.resume(Kind.QUEUE, "mail")).isFalse();

    assertThat(pauses.inForce()).containsExactly(queue);
  }

  @Test
  void namesAreToldApartByEveryCharacter() {
    Pause upper = pause(Kind.TYPE, "Send", null);
    Pause lower = pause(Kind.TYPE, "send", null);

    assertThat(pauses.inForce()).containsExactly(upper, lower);
  }

  private Pause pause(Kind kind, String name, @Nullable String note) {
    Pause pause = new Pause(kind, name, note, "anonymous", tick());
    pauses.pause(pause);
    return pause;
  }
}
