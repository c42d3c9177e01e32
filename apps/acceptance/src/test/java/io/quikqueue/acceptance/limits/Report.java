package io.quikqueue.acceptance.limits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a test measured, to be read by people: {@code target/reports/NAME.txt}, .csv and .svg. */
final class Report implements AutoCloseable {

  private static final Path FOLDER = Path.of("target", "reports").toAbsolutePath();

  private final String name;
  private final List<String> lines = new ArrayList<>();

  Report(String name) {
    this.name = name;
  }

  /** Adds a line, and prints it. */
  synchronized void say(String format, Object... args) {
    String line = format.formatted(args);
    lines.add(line);
    System.out.println(name + ": " + line);
  }

  /** Writes the samples as a table and as a graph of those of the series that are in MB. */
  void samples(String title, Samples samples) {
    write(".csv", samples.csv());
    write(".svg", LineGraph.svg(title, "MB", samples.only(column -> column.endsWith(" MB"))));
  }

  @Override
  public void close() {
    System.out.println(name + ": see " + FOLDER.resolve(name + ".txt"));
    write(".txt", String.join("\n", lines) + "\n");
  }

  private void write(String suffix, String text) {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve(name.toLowerCase(Locale.ROOT) + suffix), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
