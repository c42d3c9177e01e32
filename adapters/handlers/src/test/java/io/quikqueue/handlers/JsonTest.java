package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.port.PermanentFailureException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void refusesAResultWithHalfOfASurrogatePair() throws PermanentFailureException {
    assertThat(Json.write(Map.of("a", "🎉"))).isEqualTo("{\"a\":\"🎉\"}");
    assertThatThrownBy(() -> Json.write(Map.of("a", "\uD83C")))
        .isInstanceOf(PermanentFailureException.class)
        .hasMessage("result: contains half of a surrogate pair");
  }
}
