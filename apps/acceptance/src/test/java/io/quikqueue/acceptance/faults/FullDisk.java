package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a full disk is to one process: none of its files grows beyond a size, until this is closed.
 */
final class FullDisk implements AutoCloseable {

  private final long pid;

  FullDisk(long pid, long bytes) {
    this.pid = pid;
    limit("" + bytes);
  }

  @Override
  public void close() {
    limit("unlimited");
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
