package io.quikqueue.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.runtime.UsageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpOptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"/tmp/a #1", "a: b", "a'\"b", "%41", "@a", " a ", "ä€𝄞", "a\nb", "a=b"})
  void takesAnyFolder(String folder) {
    Map<String, String> taken = Map.of("QQ_DATA", folder);

    assertThat(UpOptions.parse(List.of("--data", folder)).variables()).isEqualTo(taken);
    assertThat(UpOptions.parse(List.of("--data=" + folder)).variables()).isEqualTo(taken);
  }

  @Test
  void showsAnAddressOfIpv6InBrackets() {
    assertThat(UpOptions.parse(List.of("--host", "::1", "--port", "9")).self())
        .isEqualTo("[::1]:9");
    assertThat(UpOptions.parse(List.of("--host", "::", "--port", "9")).self())
        .isEqualTo("127.0.0.1:9");
  }

  @ParameterizedTest
  @CsvSource({
    "--port,         up: --port needs a value",
    "--port=abc,     'up: --port must be a number from 1 to 65535, not abc'",
    "--admin-port=0, 'up: --admin-port must be a number from 1 to 65535, not 0'",
    "--data=,        up: --data needs a value",
    "--port=,        up: --port needs a value",
    "--host=a b,     'up: --host must be a host name or an address, without a port, not \"a b\"'",
    "--host=a:80,    'up: --host must be a host name or an address, without a port, not \"a:80\"'",
    "--prot=1,       up: unknown option --prot",
    "now,            up: unknown option now",
  })
  void namesTheOptionAtFault(String argument, String message) {
    assertThatThrownBy(() -> UpOptions.parse(List.of(argument)))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }
}
