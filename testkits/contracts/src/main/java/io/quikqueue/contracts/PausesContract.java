package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.Pause.Kind;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.Pauses;
import java.util.Map;
import java.util.Set;
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

    assertThat(pauses.resume(PauseKey.type("mails"))).isTrue();
    assertThat(pauses.resume(PauseKey.type("mails"))).isFalse();
    assertThat(pauses.resume(PauseKey.queue("mail"))).isFalse();

    assertThat(pauses.inForce()).containsExactly(queue);
  }

  @Test
  void namesAreToldApartByEveryCharacter() {
    Pause upper = pause(Kind.TYPE, "Send", null);
    Pause lower = pause(Kind.TYPE, "send", null);

    assertThat(pauses.inForce()).containsExactly(upper, lower);
  }

  @Test
  void groupsArePausedByQueueAndName() {
    Pause type = pause(Kind.TYPE, "mails", null);
    Pause a = pauseGroup("mails", "a/b %20 ✂", "moves");
    Pause b = pauseGroup("mails", "b", null);
    Pause other = pauseGroup("other", "漢".repeat(200), null);

    assertThat(pauses.inForce()).containsExactly(type, a, b, other);
    assertThat(pauses.resume(b.key())).isTrue();
    assertThat(pauses.resume(b.key())).isFalse();
    assertThat(pauses.inForce()).containsExactly(type, a, other);
  }

  @Test
  void pausedGroupsAreInForceWithTheLimits() {
    LimitTable before = stores.limits().table(LimitTable.EMPTY);
    Pause a = pauseGroup("mails", "a b", null);
    pauseGroup("mails", "a b", "again");
    pauseGroup("mails", "A B", null);
    pauseGroup("other", "a b", null);

    LimitTable paused = stores.limits().table(before);
    assertThat(paused.version()).isGreaterThan(before.version());
    assertThat(paused.pausedGroups())
        .isEqualTo(Map.of("mails", Set.of("a b", "A B"), "other", Set.of("a b")));
    assertThat(stores.limits().table(paused)).isSameAs(paused);

    pauses.resume(a.key());
    LimitTable resumed = stores.limits().table(paused);
    assertThat(resumed.version()).isGreaterThan(paused.version());
    assertThat(resumed.pausedGroups())
        .isEqualTo(Map.of("mails", Set.of("A B"), "other", Set.of("a b")));
  }

  private Pause pauseGroup(String queue, String name, @Nullable String note) {
    Pause pause = new Pause(PauseKey.group(queue, name), note, "anonymous", tick());
    pauses.pause(pause);
    return pause;
  }

  private Pause pause(Kind kind, String name, @Nullable String note) {
    Pause pause = new Pause(new PauseKey(kind, null, name), note, "anonymous", tick());
    pauses.pause(pause);
    return pause;
  }
}
