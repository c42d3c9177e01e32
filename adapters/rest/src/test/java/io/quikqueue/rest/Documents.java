package io.quikqueue.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the README and the pages of docs/ say, whose examples are tested. */
final class Documents {

  private static final Path ROOT = Path.of("..", "..");

  private Documents() {}

  /** All of them, the README first. */
  static String all() {
    return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages().stream())
        .map(Documents::read)
        .collect(Collectors.joining("\n"));
  }

  /**
   * What follows a heading, until the next one of the second level.
   *
   * @param heading as it stands there, such as {@code ## Callbacks}
   */
  static String section(String heading) {
    String all = all();
    int from = all.indexOf("\n" + heading + "\n");
    if (from < 0) {
      throw new AssertionError("no document has " + heading);
    }
    int start = from + heading.length() + 2;
    int end = all.indexOf("\n## ", start);
    return end < 0 ? all.substring(start) : all.substring(start, end);
  }

  private static List<Path> pages() {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
