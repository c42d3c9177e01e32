package io.quikqueue.acceptance.limits;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Figures over time, and what happened when. Safe for use by several threads. */
final class Samples {

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Double> marks = new LinkedHashMap<>();

  /**
   * Figures of one moment.
   *
   * @param seconds since the first
   * @param values by the name of the series; what could not be had is absent
   */
  record Row(double seconds, Map<String, Double> values) {}

  synchronized void add(Row row) {
    rows.add(row);
  }

  /** Notes that something begins now, to be shown in the graph. */
  synchronized void mark(String what, double seconds) {
    marks.put(what, seconds);
  }

  synchronized List<Row> rows() {
    return List.copyOf(rows);
  }

  synchronized Map<String, Double> marks() {
    return new LinkedHashMap<>(marks);
  }

  synchronized Set<String> columns() {
    return rows.stream()
        .flatMap(row -> row.values().keySet().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The largest of a series; empty when it has no figure. */
  synchronized OptionalDouble max(String column) {
    return values(column).max();
  }

  synchronized DoubleStream values(String column) {
    return rows.stream()
        .filter(row -> row.values().containsKey(column))
        .mapToDouble(row -> row.values().get(column));
  }

  /** Some of the series. */
  synchronized Samples only(Predicate<String> wanted) {
    Samples some = new Samples();
    for (Row row : rows) {
      Map<String, Double> values = new LinkedHashMap<>(row.values());
      values.keySet().removeIf(wanted.negate());
      some.add(new Row(row.seconds(), values));
    }
    marks.forEach(some::mark);
    return some;
  }

  /** One line per moment, the first one names the series. */
  synchronized String csv() {
    Set<String> columns = columns();
    StringBuilder text = new StringBuilder("seconds,").append(String.join(",", columns));
    for (Row row : rows) {
      text.append('\n').append(number(row.seconds()));
      for (String column : columns) {
        Double value = row.values().get(column);
        text.append(',').append(value == null ? "" : number(value));
      }
    }
    return text.append('\n').toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
