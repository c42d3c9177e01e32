package io.quikqueue.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void aPausedOneRunsNoMore(@TempDir Path dir) throws IOException {
    ChildProcess busy =
        ChildProcess.start(
            "busy",
            List.of("/bin/sh", "-c", "while :; do :; done"),
            Map.of(),
            dir,
            dir.resolve("busy.log"));
    try {
      for (int i = 0; i < 50; i++) {
        busy.pause();
        assertThat(state(busy.pid())).isEqualTo('T');
        busy.resume();
      }
      busy.pause();
      assertThat(busy.isAlive()).isTrue();
    } finally {
      busy.kill();
    }
    assertThat(busy.await(Duration.ofSeconds(60))).isTrue();
  }

  private static char state(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }
}
