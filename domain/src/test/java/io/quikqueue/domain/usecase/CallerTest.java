package io.quikqueue.domain.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.Role;
import org.junit.jupiter.api.Test;

class CallerTest {

  private static final String HERE = "192.0.2.1";

  @Test
  void accountsAtOneAddressDoNotShareTheirBounds() {
    Caller ann = Caller.known("key:ann", Role.SUBMITTER, HERE);
    Caller bob = Caller.known("key:bob", Role.SUBMITTER, HERE);

    assertThat(ann.countedAs()).isNotEqualTo(bob.countedAs());
    assertThat(Caller.known("key:ann", Role.SUBMITTER, "192.0.2.2").countedAs())
        .isEqualTo(ann.countedAs());
  }

  @Test
  void whoHasNoAccountSharesThemWithItsAddress() {
    assertThat(Caller.anonymous(HERE).countedAs()).isEqualTo(HERE);
    assertThat(Caller.nobody(HERE).countedAs()).isEqualTo(HERE);
  }
}
