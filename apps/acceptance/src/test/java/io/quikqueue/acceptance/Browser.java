package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Chromium without a window. It reaches this machine only: a page that wants something from
 * elsewhere does not get it.
 */
final class Browser {

  static final Path PROGRAM = Path.of("/usr/bin/chromium");

  private static final int LIMIT_SECONDS = 300;

  private Browser() {}

  /**
   * A page as it stood when its scripts had come to rest.
   *
   * @param dom as HTML
   * @param console what scripts and the browser itself complained of
   */
  record Page(String dom, List<String> console) {}

  /** Opens a page and waits until its scripts have come to rest. */
  static Page open(String address) {
    Path folder = Project.tempFolder("browser");
    try {
      Path dom = folder.resolve("dom.html");
      Path log = folder.resolve("log");
      Process browser =
          new ProcessBuilder(command(folder, address))
              .redirectOutput(dom.toFile())
              .redirectError(log.toFile())
              .start();
      boolean ended = browser.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        browser.descendants().forEach(ProcessHandle::destroyForcibly);
        browser.destroyForcibly().waitFor();
      }
      assertThat(ended).as("the browser is done in time").isTrue();
      assertThat(browser.exitValue()).isZero();
      return new Page(
          Files.readString(dom),
          Files.readString(log).lines().filter(line -> line.contains("CONSOLE")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      Project.delete(folder);
    }
  }

  private static List<String> command(Path folder, String address) {
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox", // as root, which CI is, it has none
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--enable-logging=stderr",
            "--user-data-dir=" + folder.resolve("profile"),
            "--virtual-time-budget=5000",
            "--dump-dom",
            address));
    return command;
  }
}
