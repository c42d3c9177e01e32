package io.quikqueue.domain.usecase.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.Pause.Kind;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PausesInForceTest {

  private final SettableClock clock = new SettableClock();
  private final InMemoryStore memory = new InMemoryStore(clock);
  private final Flaky<Pauses> store = new Flaky<>(Pauses.class, memory);
  private final AtomicLong nanos = new AtomicLong();
  private final PausesInForce pauses = new PausesInForce(store.port(), nanos::get);

  @Test
  void withoutPausesARequestStaysAsItIs() {
    TakeRequest request = request(Set.of(), Set.of("echo"));

    assertThat(pauses.allowed(request)).isSameAs(request);
    assertThat(pauses.ofType("echo")).isNull();
  }

  @Test
  void thereIsNoRoomForAPausedQueue() {
    pause(Kind.QUEUE, "mails");
    TakeRequest allowed = pauses.allowed(request(Set.of(), Set.of("echo")));

    assertThat(allowed.room().of("mails")).isZero();
    assertThat(allowed.room().of("other")).isEqualTo(8);
    assertThat(allowed.types()).containsExactly("echo");
  }

  @Test
  void whatIsPausedIsNotAskedFor() {
    pause(Kind.QUEUE, "mails");
    pause(Kind.TYPE, "http");
    TakeRequest allowed = pauses.allowed(request(Set.of("mails", "other"), Set.of("http", "echo")));

    assertThat(allowed.queues()).containsExactly("other");
    assertThat(allowed.types()).containsExactly("echo");
  }

  @Test
  void whoWantsOnlyWhatIsPausedGetsNothing() {
    pause(Kind.QUEUE, "mails");
    pause(Kind.TYPE, "http");

    assertThat(pauses.allowed(request(Set.of("mails"), Set.of("echo")))).isNull();
    assertThat(pauses.allowed(request(Set.of(), Set.of("http")))).isNull();
    assertThat(pauses.allowed(request(Set.of(), Set.of()))).as("all, but for one").isNull();
  }

  @Test
  void aJobOfAPausedGroupIsHeldAndThoseOfOthersAreNot() {
    memory.pause(new Pause(PauseKey.group("mails", "a b"), "moves", "ops", clock.instant()));

    assertThat(pauses.hold(job("mails", "a b"))).isTrue();
    assertThat(pauses.ofGroup(job("mails", "a b")).note()).isEqualTo("moves");
    assertThat(pauses.hold(job("mails", "A B"))).isFalse();
    assertThat(pauses.hold(job("mails", null))).isFalse();
    assertThat(pauses.hold(job("other", "a b"))).isFalse();
    TakeRequest request = request(Set.of(), Set.of("echo"));
    assertThat(pauses.allowed(request)).as("groups are the ready queue's").isEqualTo(request);
  }

  @Test
  void aChangeIsInForceHalfASecondLater() {
    assertThat(pauses.ofQueue("mails")).isNull();
    pause(Kind.QUEUE, "mails");
    nanos.addAndGet(Duration.ofMillis(499).toNanos());
    assertThat(pauses.ofQueue("mails")).isNull();

    nanos.addAndGet(Duration.ofMillis(1).toNanos());

    assertThat(pauses.ofQueue("mails")).isNotNull();
    assertThat(store.calls("inForce")).isEqualTo(2);
  }

  @Test
  void whileTheStoreIsAwayPausesStayInForce() {
    pause(Kind.QUEUE, "mails");
    assertThat(pauses.ofQueue("mails")).isNotNull();
    store.down();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(pauses.ofQueue("mails")).isNotNull();
  }

  @Test
  void untilTheStoreHasAnsweredOnceNothingIsAllowed() {
    store.down();
    TakeRequest request = request(Set.of(), Set.of("echo"));
    assertThatThrownBy(() -> pauses.allowed(request)).isInstanceOf(UnavailableException.class);
    store.up();

    assertThat(pauses.allowed(request)).isSameAs(request);
  }

  private void pause(Kind kind, String name) {
    memory.pause(new Pause(new PauseKey(kind, null, name), null, "ops", clock.instant()));
  }

  private static JobSpec job(String queue, String group) {
    return JobSpec.builder("echo", "1").queue(queue).group(group).build();
  }

  private static TakeRequest request(Set<String> queues, Set<String> types) {
    return new TakeRequest(
        "w", queues, types, 10, new QueueRoom(8, Map.of()), Duration.ofSeconds(30), Duration.ZERO);
  }
}
