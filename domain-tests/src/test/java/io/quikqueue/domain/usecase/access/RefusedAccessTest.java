package io.quikqueue.domain.usecase.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.access.RefusedAccess.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusedAccessTest {

  private static final Caller KEY = Caller.known("key:1", Role.VIEWER, "192.0.2.9");

  private final List<String> lines = new ArrayList<>();
  private long nanos;
  private final RefusedAccess refused =
      new RefusedAccess(Meter.NONE, () -> nanos, (_, line) -> lines.add(line));

  @Test
  void theLogSaysWhoWasRefusedAndWhy() {
    refused.note(Reason.NO_KEY, Caller.nobody("192.0.2.8"));
    refused.note(Reason.ROLE, KEY);
    refused.note(Reason.QUOTA, KEY);

    assertThat(lines)
        .containsExactly(
            "event=access_refused reason=no_key by=anonymous from=192.0.2.8",
            "event=access_refused reason=role by=key:1 from=192.0.2.9");
  }

  @Test
  void howeverManyAreRefusedTheLogIsBounded() {
    for (int i = 0; i < 1_000; i++) {
      refused.note(Reason.MALFORMED, KEY);
    }
    assertThat(lines).hasSize(120);

    nanos += Duration.ofMinutes(1).toNanos();
    refused.tellLeftOut();

    assertThat(lines).hasSize(121).last().isEqualTo("event=access_refused_left_out lines=880");
  }
}
