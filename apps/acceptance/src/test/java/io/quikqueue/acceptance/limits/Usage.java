package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a process takes up of this machine, by its number. */
record Usage(long pid) {

  private static final Pattern HEAP_USED = Pattern.compile(", used (\\d+)K");

  /** Resident memory in MB (2^20 bytes). */
  long rssMb() {
    return status("VmRSS") / 1024;
  }

  /** Threads that the operating system knows of, so no virtual ones. */
  long threads() {
    return status("Threads");
  }

  /** Open files, sockets and pipes. */
  long descriptors() {
    return entries("");
  }

  /** Open sockets. */
  long sockets() {
    return entries("socket:");
  }

  /** Heap in use in MB (2^20 bytes), after a collection of all garbage. */
  long heapAfterGcMb() {
    jcmd("GC.run");
    Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info"));
    long kilobytes = 0;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
    }
    assertThat(kilobytes).as("heap in use").isPositive();
    return kilobytes / 1024;
  }

  private long status(String name) {
    try {
      return Files.readAllLines(proc("status")).stream()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long entries(String prefix) {
    try (Stream<Path> all = Files.list(proc("fd"))) {
      return all.filter(each -> target(each).startsWith(prefix)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed"; // since it was listed
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  private String jcmd(String command) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  command)
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
