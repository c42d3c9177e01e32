package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quikqueue.domain.usecase.schedule.DeclareSchedules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleFilesTest {

  private static final String JOB = "\njob: {type: echo, payload: 1}\n";

  @TempDir Path folder;

  @Test
  void eachFileIsASchedule() throws IOException {
    Files.writeString(folder.resolve("a.yml"), "every: 1h\npaused: true\nnote: later" + JOB);
    Files.writeString(folder.resolve("b.yml"), "cron: '0 9 * * MON-FRI'\nzone: Asia/Seoul" + JOB);
    Files.writeString(folder.resolve("notes.txt"), "nothing");

    Map<String, DeclareSchedules.Declared> read = ScheduleFiles.read(folder);

    assertThat(read).containsOnlyKeys("a", "b");
    assertThat(read.get("a").paused()).isTrue();
    assertThat(read.get("b").spec().timing().zone().getId()).isEqualTo("Asia/Seoul");
  }

  @Test
  void theHeartbeatThatComesAlongIsOne() {
    Map<String, DeclareSchedules.Declared> read = ScheduleFiles.read(Path.of("../schedules"));

    assertThat(read).containsOnlyKeys("heartbeat");
    assertThat(read.get("heartbeat").spec().job().queue()).isEqualTo("system");
    assertThat(read.get("heartbeat").spec().job().payload()).contains("{\"$schedule\":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.yml | every: 1h | has a file a.yml: job: ",
        "a.yml | cron: '0 0 30 2 *' | has a file a.yml: cron: never fires",
        "a.yml | x: [ | has a file a.yml that is no YAML: ",
        "a.yml | {every: 1h, every: 2h} | has a file a.yml that is no YAML: ",
        "a b.yml | every: 1h | has a file a b.yml: name: ",
      })
  void whatIsWrongIsSaidWithTheFile(String file, String text, String message) throws IOException {
    Files.writeString(folder.resolve(file), message.contains("job:") ? text : text + JOB);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScheduleFiles.read(folder))
        .withMessageStartingWith(message);
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScheduleFiles.read(folder.resolve("none")))
        .withMessage("is no folder that can be read: " + folder.resolve("none"));
  }

  @Test
  void aFileIsBounded() throws IOException {
    Files.writeString(folder.resolve("a.yml"), "# " + "x".repeat(256 << 10) + "\nevery: 1h" + JOB);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScheduleFiles.read(folder))
        .withMessageContaining("256 KiB");
  }
}
