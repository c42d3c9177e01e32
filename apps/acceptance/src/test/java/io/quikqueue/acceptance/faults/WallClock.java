package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;

/**
 * The wall clock of one process, which can be made to jump. It comes with a small library that is
 * built here and loaded at the process's next start.
 */
final class WallClock {

  private final App app;
  private final Path file;

  private WallClock(App app, Path file) {
    this.app = app;
    this.file = file;
  }

  /** Whether the library can be built here. */
  static boolean canJump() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "gcc")));
  }

  /** Builds the library in this folder. */
  static Path build(Path folder) throws IOException, InterruptedException {
    Path source = folder.resolve("wall-clock.c");
    Path library = folder.resolve("wall-clock.so");
    try (InputStream in = WallClock.class.getResourceAsStream("/wall-clock.c")) {
      Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
    }
    Process gcc =
        new ProcessBuilder(
                "gcc", "-O2", "-shared", "-fPIC", "-o", "" + library, "" + source, "-ldl")
            .inheritIO()
            .start();
    assertThat(gcc.waitFor()).as("gcc").isZero();
    return library;
  }

  /** Restarts a process with a clock that goes right until told otherwise. */
  static WallClock giveTo(App app, Path library) {
    WallClock clock = new WallClock(app, library.resolveSibling(app.name() + ".clock"));
    clock.shift(Duration.ZERO);
    app.set("LD_PRELOAD", library.toString());
    app.set("WALL_CLOCK_FILE", clock.file.toString());
    app.stop();
    app.start();
    return clock;
  }

  App app() {
    return app;
  }

  /** The clock is so far ahead of all others from now on; negative = behind. */
  void shift(Duration by) {
    shift(file, by);
  }

  /** The same for a process whose variable {@code WALL_CLOCK_FILE} names this file. */
  static void shift(Path file, Duration by) {
    try {
      // Replaced at once: who reads it must not find half of it.
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, by.toSeconds() + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Restarts the process with the clock of its machine. */
  void takeBack() {
    app.set("LD_PRELOAD", "");
    app.stop();
    app.start();
  }
}
