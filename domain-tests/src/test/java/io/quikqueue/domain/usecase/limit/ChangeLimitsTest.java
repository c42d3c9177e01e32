package io.quikqueue.domain.usecase.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.InMemoryLimits;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Precondition;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.port.LimitStore.DeleteResult;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeLimitsTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");
  private static final LimitKey MAILS = LimitKey.queue("mails");
  private static final Rate RATE = new Rate(1, Duration.ofSeconds(1), 1);
  private static final Limits TEN = new Limits(10, null, null, null, null, null, Map.of());

  private final SettableClock clock = new SettableClock();
  private final ChangeLimits limits = new ChangeLimits(new InMemoryLimits(), clock);

  @Test
  void limitsSayWhoSetThemAndWhen() {
    LimitEntry entry = limits.put(CALLER, MAILS, TEN, Precondition.NONE).orElseThrow().entry();

    assertThat(entry)
        .isEqualTo(
            new LimitEntry(MAILS, TEN, false, entry.version(), CALLER.id(), clock.instant()));
    assertThat(limits.find(CALLER, MAILS)).contains(entry);
  }

  @Test
  void nothingChangesWithoutItsPrecondition() {
    assertThat(limits.put(CALLER, MAILS, TEN, now -> now != null)).isEmpty();
    assertThat(limits.find(CALLER, MAILS)).isEmpty();
    assertThat(limits.put(CALLER, MAILS, TEN, now -> now == null)).isPresent();
    assertThat(limits.delete(CALLER, MAILS, now -> now == null)).isEqualTo(DeleteResult.MISMATCH);
    assertThat(limits.find(CALLER, MAILS)).isPresent();
  }

  @Test
  void limitsCanBeDeleted() {
    limits.put(CALLER, MAILS, TEN, Precondition.NONE);

    assertThat(limits.delete(CALLER, MAILS, Precondition.NONE)).isEqualTo(DeleteResult.DONE);
    assertThat(limits.find(CALLER, MAILS)).isEmpty();
  }

  @Test
  void aTypeCanHaveConcurrencyAndRate() {
    Limits both = new Limits(1, null, RATE, null, null, null, Map.of());

    assertThat(limits.put(CALLER, LimitKey.type("http"), both, Precondition.NONE)).isPresent();
  }

  @ParameterizedTest
  @MethodSource("ofQueuesOnly")
  void aTypeCanHaveNoOther(String field, Limits other) {
    assertThatThrownBy(() -> limits.put(CALLER, LimitKey.type("http"), other, Precondition.NONE))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo(field));
    assertThat(limits.put(CALLER, MAILS, other, Precondition.NONE)).isPresent();
  }

  static Stream<Arguments> ofQueuesOnly() {
    return Stream.of(
        Arguments.of(
            "concurrency_per_group", new Limits(null, 1, null, null, null, null, Map.of())),
        Arguments.of("rate_per_group", new Limits(null, null, null, RATE, null, null, Map.of())),
        Arguments.of("max_waiting", new Limits(null, null, null, null, 1, null, Map.of())),
        Arguments.of(
            "max_waiting_per_group", new Limits(null, null, null, null, null, 1, Map.of())),
        Arguments.of("weights", new Limits(null, null, null, null, null, null, Map.of("acme", 1))));
  }

  @Test
  void thereIsABoundOnHowManyHaveLimits() {
    for (int i = 0; i < LimitStore.MOST; i++) {
      limits.put(CALLER, LimitKey.queue("q" + i), TEN, Precondition.NONE);
    }

    assertThatThrownBy(() -> limits.put(CALLER, LimitKey.type("http"), TEN, Precondition.NONE))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("type"));
  }
}
