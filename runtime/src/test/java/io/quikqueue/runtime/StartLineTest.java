package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartLineTest {

  @Test
  void saysWhatItIsWhereItListensAndWhatItUses() {
    assertThat(
            StartLine.text(
                "api",
                List.of("api=127.0.0.1:8000", "admin=[::1]:8001"),
                Map.of("stream", "127.0.0.1:9092", "store", "db.example:3306")))
        .isEqualTo(
            "event=started service=api api=127.0.0.1:8000 admin=[::1]:8001 store=db.example:3306"
                + " stream=127.0.0.1:9092");
  }

  @Test
  void isOneLineWhateverASettingHolds() {
    assertThat(StartLine.text("consumer", List.of(), Map.of("stream", "a:1\nevent=forged")))
        .isEqualTo("event=started service=consumer stream=a:1\\u000aevent=forged");
  }
}
