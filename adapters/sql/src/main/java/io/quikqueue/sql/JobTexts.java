package io.quikqueue.sql;

import static java.util.stream.Collectors.joining;

import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.Unique;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of a job that a column holds in another form. */
final class JobTexts {

  private JobTexts() {}

  /** Null = the default. */
  static @Nullable Integer cost(int cost) {
    return cost == JobSpec.DEFAULT_COST ? null : (Integer) cost;
  }

  static int readCost(ResultSet row, int column) throws SQLException {
    int cost = row.getInt(column);
    return row.wasNull() ? JobSpec.DEFAULT_COST : cost;
  }

  /** Null = the first. */
  static @Nullable Integer generation(int generation) {
    return generation == 1 ? null : (Integer) generation;
  }

  static int readGeneration(ResultSet row, int column) throws SQLException {
    int generation = row.getInt(column);
    return row.wasNull() ? 1 : generation;
  }

  /** Text that is told apart byte by byte: MySQL keeps it as bytes. */
  static @Nullable String readBytes(ResultSet row, int column) throws SQLException {
    byte[] text = row.getBytes(column);
    return text == null ? null : new String(text, StandardCharsets.UTF_8);
  }

  static @Nullable String unique(@Nullable Unique unique) {
    return unique == null ? null : unique.text();
  }

  static @Nullable Unique readUnique(ResultSet row, int column) throws SQLException {
    String text = readBytes(row, column);
    return text == null ? null : Unique.parse(text);
  }

  static @Nullable String callback(@Nullable Callback callback) {
    return callback == null ? null : callback.text();
  }

  static @Nullable Callback readCallback(ResultSet row, int column) throws SQLException {
    String text = readBytes(row, column);
    return text == null ? null : Callback.parse(text);
  }

  static byte @Nullable [] node(@Nullable NodeRef node) {
    return node == null ? null : node.bytes();
  }

  static @Nullable NodeRef readNode(ResultSet row, int column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? null : NodeRef.of(bytes);
  }

  /**
   * Six numbers between commas, durations in milliseconds; null = the default policy. Of delays
   * that have a column of their own it has the first and the longest, for readers that are older.
   */
  static @Nullable String policy(Policy policy) {
    if (policy.equals(Policy.DEFAULT)) {
      return null;
    }
    Duration elapsed = policy.maxElapsed();
    return "%d,%d,%d,%s,%d,%d"
        .formatted(
            policy.maxAttempts(),
            policy.backoff().toMillis(),
            policy.backoffCap().toMillis(),
            elapsed == null ? "" : Long.toString(elapsed.toMillis()),
            policy.timeout().toMillis(),
            policy.maxCrashes());
  }

  static Policy readPolicy(@Nullable String text) {
    if (text == null) {
      return Policy.DEFAULT;
    }
    String[] part = text.split(",", 6);
    return new Policy(
        Integer.parseInt(part[0]),
        millis(part[1]),
        millis(part[2]),
        part[3].isEmpty() ? null : millis(part[3]),
        millis(part[4]),
        Math.min(Integer.parseInt(part[5]), Policy.MOST_CRASHES)); // once it could be higher
  }

  /**
   * Kind, jitter and milliseconds between commas; null = they double as they always did, and the
   * policy has them.
   */
  static @Nullable String delays(RetryDelays delays) {
    if (delays.isUsualKind()) {
      return null;
    }
    return allDelays(delays);
  }

  /** Likewise, of all kinds. */
  static String allDelays(RetryDelays delays) {
    return delays.delays().stream()
        .map(delay -> Long.toString(delay.toMillis()))
        .collect(joining(",", delays.kind().text() + "," + delays.jitter() + ",", ""));
  }

  /** The policy with delays of their own column, if they have one. */
  static Policy withDelays(Policy policy, @Nullable String text) {
    if (text == null) {
      return policy;
    }
    return policy.withDelays(readDelays(text));
  }

  /** Reads what {@link #allDelays} gave. */
  static RetryDelays readDelays(String text) {
    List<String> parts = List.of(text.split(",", -1));
    List<Duration> delays = parts.subList(2, parts.size()).stream().map(JobTexts::millis).toList();
    return new RetryDelays(
        RetryDelays.Kind.of(parts.get(0)), delays, Double.parseDouble(parts.get(1)));
  }

  /** Null = all of it, or nothing where it is the default policy. */
  static @Nullable Integer own(Policy policy) {
    return policy.own() == Policy.ALL_OWN || policy.equals(Policy.DEFAULT)
        ? null
        : (Integer) policy.own();
  }

  /** The policy with what the client named of it. */
  static Policy withOwn(Policy policy, ResultSet row, int column) throws SQLException {
    int own = row.getInt(column);
    return row.wasNull() ? policy : policy.withOwn(own);
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }

  /** One {@code name=value} per line: neither holds a line feed, and a name no {@code =}. */
  static @Nullable String labels(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    labels.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    text.setLength(text.length() - 1);
    return text.toString();
  }

  static Map<String, String> readLabels(@Nullable String text) {
    if (text == null) {
      return Map.of();
    }
    Map<String, String> labels = LinkedHashMap.newLinkedHashMap(4);
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      labels.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return labels;
  }
}
