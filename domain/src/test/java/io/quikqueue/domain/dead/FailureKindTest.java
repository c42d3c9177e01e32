package io.quikqueue.domain.dead;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FailureKindTest {

  @Test
  void anIdIsTheSameForTheSameKindAlone() {
    List<FailureKind> kinds =
        List.of(
            new FailureKind("a", null, "b"),
            new FailureKind("a", "", "b"),
            new FailureKind("a", "b", ""),
            new FailureKind("ab", null, ""),
            new FailureKind("", null, "ab"),
            new FailureKind("a", null, "b").others(),
            new FailureKind("b", null, "b").others());

    assertThat(kinds).extracting(FailureKind::id).doesNotHaveDuplicates();
    assertThat(kinds).extracting(FailureKind::id).allMatch(id -> id.matches("[0-9a-f]{32}"));
    assertThat(new FailureKind("a", null, "b").id()).isEqualTo(kinds.getFirst().id());
  }

  /** It is in databases: another way to make it would tear groups apart. */
  @Test
  void anIdStaysAsItIs() {
    assertThat(new FailureKind("send", "java.io.IOException", "connect to {n} failed").id())
        .isEqualTo("936fa4abeeaba964f1d336a6498631c7");
  }
}
