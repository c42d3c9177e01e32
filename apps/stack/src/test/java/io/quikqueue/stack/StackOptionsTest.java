package io.quikqueue.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackOptionsTest {
  @Test
  void hasDefaults() {
    StackOptions options = StackOptions.parse(List.of());

    assertThat(options.data()).isEqualTo(Path.of("data", "stack").toAbsolutePath());
    assertThat(options.port()).isEqualTo(8000);
    assertThat(options.serversOnly()).isFalse();
  }

  @Test
  void takesValuesAfterASpaceOrAnEqualsSign() {
    assertThat(StackOptions.parse(List.of("--data", "/d", "--port=9000")))
        .isEqualTo(new StackOptions(Path.of("/d"), 9000, false));
  }

  @ParameterizedTest
  @CsvSource({
    "--port,             --port needs a value",
    "--port=x,           '--port must be a number, was x'",
    "--port=70000,       '--port must be 0 to 65535, was 70000'",
    "--ports=1,          unknown argument --ports=1",
  })
  void namesTheArgumentAtFault(String argument, String message) {
    assertThatThrownBy(() -> StackOptions.parse(List.of(argument)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void refusesAPortForServersOnly() {
    assertThatThrownBy(() -> StackOptions.parse(List.of("--servers-only", "--port", "9000")))
        .hasMessage("--port is the api's, which --servers-only does not start");
  }
}
