package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs as rows of the table {@code jobs}. */
final class JobRows {

  /** What {@link #read} reads, of the table under the alias {@code j}. */
  static final String COLUMNS =
      """
      j.id, j.type, j.queue, j.priority, j.payload, j.deadline, j.policy, j.labels, j.traceparent,
      j.state, j.attempt, j.failures, j.crashes, j.created_at, j.updated_at, j.run_at, j.due_at,
      j.started_at, j.finished_at, j.result, j.note, j.error, j.deadline_lifted""";

  /** The same for {@link Job#summary}. */
  static final String SUMMARY =
      COLUMNS.replace("j.payload", "'null' AS payload").replace("j.result", "NULL AS result");

  private JobRows() {}

  /** Selects the jobs with these ids. */
  static String byId(Dialect dialect) {
    return "SELECT " + Bodies.columns(dialect) + " FROM jobs j WHERE j.id IN (%s)";
  }

  static Job read(ResultSet row) throws SQLException {
    String policy = row.getString(7);
    String labels = row.getString(8);
    JobSpec spec =
        JobSpec.builder(row.getString(2), row.getString(5))
            .queue(row.getString(3))
            .priority(row.getInt(4))
            .deadline(instant(row, 6))
            .policy(policy == null ? Policy.DEFAULT : policy(policy))
            .labels(labels == null ? Map.of() : labels(labels))
            .traceparent(row.getString(9))
            .build();
    return Job.builder(JobId.of(row.getBytes(1)), spec, Micros.toInstant(row.getLong(14)))
        .state(JobState.ofCode(row.getInt(10)))
        .attempt(row.getInt(11))
        .failures(row.getInt(12))
        .crashes(row.getInt(13))
        .updatedAt(Micros.toInstant(row.getLong(15)))
        .runAt(Micros.toInstant(row.getLong(16)))
        .dueAt(instant(row, 17))
        .startedAt(instant(row, 18))
        .finishedAt(instant(row, 19))
        .result(row.getString(20))
        .note(row.getString(21))
        .error(row.getString(22))
        .deadlineLifted(row.getBoolean(23))
        .build();
  }

  static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Micros.toInstant(micros);
  }

  /** Six numbers between commas, durations in milliseconds; null = the default policy. */
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

  private static Policy policy(String text) {
    String[] part = text.split(",", 6);
    return new Policy(
        Integer.parseInt(part[0]),
        millis(part[1]),
        millis(part[2]),
        part[3].isEmpty() ? null : millis(part[3]),
        millis(part[4]),
        Math.min(Integer.parseInt(part[5]), Policy.MOST_CRASHES)); // once it could be higher
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

  static Map<String, String> labels(String text) {
    Map<String, String> labels = LinkedHashMap.newLinkedHashMap(4);
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      labels.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return labels;
  }
}
