package io.quikqueue.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quikqueue.bench.Processes.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Shows what was measured: a table for people, JSON with every repetition for programs. */
final class Report {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final BenchOptions options;
  private final Map<Figure, List<Repetition>> results;

  /**
   * @param results no figure has an empty list
   */
  Report(BenchOptions options, Map<Figure, List<Repetition>> results) {
    this.options = options;
    this.results = results;
  }

  /** Medians with the least and the most of the repetitions. */
  String table() {
    StringBuilder table = new StringBuilder();
    line(
        table,
        "http://%s, %d jobs of %d bytes, %d clients, batches of %d; median of %d (min..max)",
        options.target().authority(),
        options.jobs(),
        options.payload(),
        options.clients(),
        options.batch(),
        options.repetitions());
    results.forEach(
        (figure, repetitions) -> {
          line(table, "%n%-6s  %s", figure.label(), figure.what());
          for (String name : repetitions.getFirst().values().keySet()) {
            Spread spread = spread(repetitions, each -> each.values().getOrDefault(name, 0.0));
            line(
                table,
                "        %-28s %12s  (%s..%s)",
                name,
                number(spread.median()),
                number(spread.min()),
                number(spread.max()));
          }
        });
    if (!results.isEmpty()) {
      usage(table);
    }
    return table.toString();
  }

  private void usage(StringBuilder table) {
    List<String> names = List.copyOf(results.values().iterator().next().getFirst().used().keySet());
    boolean shared = names.size() > 1; // else the generator's own time is all that is known
    line(
        table,
        shared
            ? "%nCPU in microseconds per job; the generator's share of the CPU time shown here"
            : "%nCPU in microseconds per job");
    StringBuilder head = new StringBuilder("figure");
    names.forEach(name -> head.append(" %11s".formatted(name)));
    line(table, shared ? "%s       share" : "%s", head);
    results.forEach(
        (figure, repetitions) -> {
          StringBuilder row = new StringBuilder("%-6s".formatted(figure.label()));
          for (String name : names) {
            Spread cpu = spread(repetitions, each -> each.cpuMicrosPerJob(name));
            row.append(" %11s".formatted(number(cpu.median())));
          }
          double share = spread(repetitions, Repetition::generatorShare).median();
          line(table, shared ? "%s %10.0f%%" : "%s", row, share * 100);
        });
    line(table, "bytes written to disk per byte of payload");
    results.forEach(
        (figure, repetitions) -> {
          StringBuilder row = new StringBuilder("%-6s".formatted(figure.label()));
          for (String name : names) {
            Spread written =
                spread(repetitions, each -> each.writtenPerByte(name, options.payload()));
            row.append(" %11s".formatted(number(written.median())));
          }
          line(table, "%s", row);
        });
    StringBuilder rss = new StringBuilder("RSS MB");
    for (String name : names) {
      double most =
          results.values().stream()
              .flatMap(List::stream)
              .mapToDouble(each -> each.used().getOrDefault(name, Usage.NONE).rssMb())
              .max()
              .orElse(0);
      rss.append(" %11s".formatted(number(most)));
    }
    line(table, "%s", rss);
  }

  private static Spread spread(List<Repetition> repetitions, ToDoubleFunction<Repetition> value) {
    return Spread.of(repetitions.stream().mapToDouble(value).toArray());
  }

  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }

  /** Three digits or all before the point. */
  private static String number(double value) {
    double size = Math.abs(value);
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Writes the options and every repetition. */
  void write(Path file, Troubles troubles) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("url", "http://" + options.target().authority() + options.target().path());
    root.put("jobs", options.jobs());
    root.put("clients", options.clients());
    root.put("batch", options.batch());
    root.put("payload_bytes", options.payload());
    root.put("rate_per_s", options.rate());
    root.put("seconds", options.seconds());
    root.put("troubles", troubles.any() ? troubles.told() : null);
    ObjectNode figures = root.putObject("figures");
    results.forEach(
        (figure, repetitions) -> {
          ArrayNode list = figures.putArray(figure.label());
          for (Repetition repetition : repetitions) {
            ObjectNode each = list.addObject();
            each.put("jobs", repetition.jobs());
            repetition.values().forEach(each::put);
            each.put("generator_cpu_share", repetition.generatorShare());
            ObjectNode processes = each.putObject("processes");
            repetition
                .used()
                .forEach(
                    (name, usage) ->
                        processes
                            .putObject(name)
                            .put("cpu_s", usage.cpuSeconds())
                            .put("cpu_us_per_job", repetition.cpuMicrosPerJob(name))
                            .put("rss_mb", usage.rssMb())
                            .put("written_bytes", usage.written()));
          }
        });
    Files.writeString(file, JSON.writeValueAsString(root) + "\n");
  }
}
