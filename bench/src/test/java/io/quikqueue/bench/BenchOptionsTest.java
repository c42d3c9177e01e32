package io.quikqueue.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOptionsTest {

  @Test
  void aKeyComesFromAFileAndIsShownNowhere(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "qq_0123_secret\n");
    BenchOptions options = BenchOptions.parse(List.of("--key-file", file.toString()));
    assertThat(options.target().headers())
        .isEqualTo("Host: 127.0.0.1:8000\r\nAuthorization: Bearer qq_0123_secret\r\n");
    assertThat(options.toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "a\r\nHost: b", "ä"})
  void aKeyThatCannotBeIsRefusedWithoutBeingTold(String key, @TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("key"), key);
    assertThatThrownBy(() -> BenchOptions.parse(List.of("--key-file", file.toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(key);
    assertThatThrownBy(() -> BenchOptions.parse(List.of("--key-file", "qq_0123_secret")))
        .hasMessageNotContaining("secret");
  }

  @Test
  void hasDefaults() {
    BenchOptions options = BenchOptions.parse(List.of());

    assertThat(options.target()).isEqualTo(new Target("127.0.0.1", 8000, ""));
    assertThat(options.figures())
        .isEqualTo(EnumSet.complementOf(EnumSet.of(Figure.H, Figure.W, Figure.COLD)));
    assertThat(options.jobs()).isEqualTo(20_000);
    assertThat(options.clients()).isEqualTo(16);
    assertThat(options.batch()).isEqualTo(500);
    assertThat(options.payload()).isEqualTo(200);
    assertThat(options.rate()).isEqualTo(100);
    assertThat(options.seconds()).isEqualTo(15);
    assertThat(options.warmUp()).isEqualTo(60);
    assertThat(options.repetitions()).isEqualTo(3);
    assertThat(options.json()).isNull();
    assertThat(options.pids()).isEmpty();
    assertThat(options.queue()).isNotEqualTo(BenchOptions.parse(List.of()).queue());
  }

  @Test
  void takesValuesAfterASpaceOrAnEqualsSign() {
    BenchOptions options =
        BenchOptions.parse(
            List.of(
                "--url",
                "http://host:9/base/",
                "--figures=C-bulk,d",
                "--jobs=1001",
                "--batch",
                "500",
                "--queue=q",
                "--pids",
                "api=12,worker=13",
                "--json",
                "out.json"));

    assertThat(options.target()).isEqualTo(new Target("host", 9, "/base"));
    assertThat(options.figures()).containsExactly(Figure.C_BULK, Figure.D);
    assertThat(options.batches()).isEqualTo(3);
    assertThat(options.holdQueue()).isEqualTo("q-hold");
    assertThat(options.pids()).containsExactly(Map.entry("api", 12L), Map.entry("worker", 13L));
    assertThat(options.json()).isEqualTo(Path.of("out.json"));
  }

  @Test
  void readsTheProcessesOfAStack(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("stack.json");
    Files.writeString(file, "{\"api\":{\"pid\":7,\"port\":1},\"kafka\":{\"pid\":8}}");

    BenchOptions options = BenchOptions.parse(List.of("--stack=" + file, "--pids=other=9"));

    assertThat(options.pids())
        .containsExactly(Map.entry("api", 7L), Map.entry("kafka", 8L), Map.entry("other", 9L));
  }

  @ParameterizedTest
  @CsvSource({
    "--jobs,                --jobs needs a value",
    "--jobs=x,              '--jobs must be a whole number, was x'",
    "--jobs=0,              '--jobs must be from 1 to 10000000, was 0'",
    "--payload=10,          '--payload must be from 11 to 1000000, was 10'",
    "--payload=100000,      --batch times --payload must stay below 30 MB",
    "--rate=100000,         --rate times --seconds must be at most 200000 jobs",
    "--batch=1,             '--batch must be from 2 to 10000, was 1'",
    "--figures=E,           '--figures must be of A1, A2, B, C, C-bulk, D, H, W and cold, was E'",
    "--url=https://a,       '--url must be like http://127.0.0.1:8000, was https://a'",
    "--queue=Q,             '--queue must be 1 to 59 of a-z 0-9 _ . -, was Q'",
    "--pids=api,            '--pids must be NAME=PID,…, was api'",
    "--pids==7,             '--pids must be NAME=PID,…, was =7'",
    "--pids=api=x,          '--pids must be NAME=PID,…, was api=x'",
    "--job=1,               unknown argument --job=1",
  })
  void namesTheArgumentAtFault(String argument, String message) {
    assertThatThrownBy(() -> BenchOptions.parse(List.of(argument)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void saysWhenTheStackCannotBeRead(@TempDir Path dir) {
    assertThatThrownBy(() -> BenchOptions.parse(List.of("--stack", dir.resolve("no").toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--stack cannot be read: there is no " + dir.resolve("no"));
  }

  @Test
  void refusesAJsonFileThatCannotBeWrittenBeforeItMeasures(@TempDir Path dir) {
    for (Path file : List.of(dir.resolve("no/out.json"), dir)) {
      assertThatThrownBy(() -> BenchOptions.parse(List.of("--json", file.toString())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("--json ")
          .hasMessageEndingWith(", was " + file);
    }
    assertThat(BenchOptions.parse(List.of("--json", dir.resolve("out.json").toString())).json())
        .isEqualTo(dir.resolve("out.json"));
  }
}
