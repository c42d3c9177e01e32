package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a full disk is to one process: what is on it may be written to, but no file of the process
 * grows beyond a size, until this is closed or the process ends.
 */
final class FullDisk implements AutoCloseable {

  private final long pid;

  /**
   * @param room how much larger than the largest of its files they may become, in bytes
   * @param files the process's files, as far as they are large
   */
  FullDisk(long pid, long room, Path... files) {
    this.pid = pid;
    // A server of databases may end when it cannot write to where it has written before.
    long largest = Stream.of(files).mapToLong(file -> file.toFile().length()).max().orElse(0);
    limit("" + (largest + room));
  }

  @Override
  public void close() {
    if (ProcessHandle.of(pid).isPresent()) {
      limit("unlimited");
    }
  }

  private void limit(String bytes) {
    try {
      Process prlimit =
          new ProcessBuilder("prlimit", "--pid", "" + pid, "--fsize=" + bytes + ":unlimited")
              .inheritIO()
              .start();
      assertThat(prlimit.waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
