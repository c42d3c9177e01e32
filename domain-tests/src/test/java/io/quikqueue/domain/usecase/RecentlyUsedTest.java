package io.quikqueue.domain.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentlyUsedTest {

  private final List<String> made = new ArrayList<>();
  private final RecentlyUsed<String, String> values = new RecentlyUsed<>(2);

  private String get(String key) {
    return values.get(
        key,
        of -> {
          made.add(of);
          return "value of " + of;
        });
  }

  @Test
  void whatIsAskedForStaysAndWhatIsNotMakesRoom() {
    assertThat(get("a")).isEqualTo("value of a");
    get("b");
    get("a");
    get("c"); // in the place of b
    get("a");
    assertThat(made).containsExactly("a", "b", "c");

    get("b"); // in the place of c
    get("a");
    assertThat(made).containsExactly("a", "b", "c", "b");
  }
}
