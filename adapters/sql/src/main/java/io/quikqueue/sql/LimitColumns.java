package io.quikqueue.sql;

import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.LimitKey.Kind;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.limit.Rate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The columns of the table {@code limits}; durations are in nanoseconds. */
final class LimitColumns {

  static final String INSERT =
      """
      INSERT INTO limits (kind, name, declared, version, changed_by, changed_at,
        concurrency, concurrency_per_group, rate_tokens, rate_per, rate_burst,
        rate_per_group_tokens, rate_per_group_per, rate_per_group_burst,
        max_waiting, max_waiting_per_group, on_limit, retention, weight_count, weights)
      VALUES (:kind, :name, :declared, :version, :changed_by, :changed_at,
        :concurrency, :concurrency_per_group, :rate_tokens, :rate_per, :rate_burst,
        :rate_per_group_tokens, :rate_per_group_per, :rate_per_group_burst,
        :max_waiting, :max_waiting_per_group, :on_limit, :retention, :weight_count, :weights)\
      """;

  /** What {@link #read} reads, of the table {@code limits l}. */
  static final String SELECT =
      """
      l.kind, l.name, l.declared, l.version, l.changed_by, l.changed_at,
      l.concurrency, l.concurrency_per_group, l.rate_tokens, l.rate_per, l.rate_burst,
      l.rate_per_group_tokens, l.rate_per_group_per, l.rate_per_group_burst,
      l.max_waiting, l.max_waiting_per_group, l.on_limit, l.retention, l.weights\
      """;

  private LimitColumns() {}

  static void bind(Update insert, LimitEntry entry) {
    Limits limits = entry.limits();
    insert
        .bind("kind", code(entry.key().kind()))
        .bind("name", entry.key().name())
        .bind("declared", entry.declared() ? 1 : 0)
        .bind("version", entry.version())
        .bind("changed_by", Utf8.of(entry.by()))
        .bind("changed_at", Micros.of(entry.at()))
        .bind("concurrency", limits.concurrency())
        .bind("concurrency_per_group", limits.concurrencyPerGroup())
        .bind("max_waiting", limits.maxWaiting())
        .bind("max_waiting_per_group", limits.maxWaitingPerGroup())
        .bind("on_limit", code(limits.onLimit()))
        .bind("retention", RetentionText.of(limits.retention()))
        .bind("weight_count", limits.weights().size())
        .bind("weights", weights(limits.weights()));
    bind(insert, "rate", limits.rate());
    bind(insert, "rate_per_group", limits.ratePerGroup());
  }

  /** Binds the three columns of a rate, whose names begin so. */
  static Update bind(Update insert, String name, @Nullable Rate rate) {
    return insert
        .bind(name + "_tokens", rate == null ? null : (Integer) rate.tokens())
        .bind(name + "_per", rate == null ? null : nanos(rate.per()))
        .bind(name + "_burst", rate == null ? null : (Integer) rate.burst());
  }

  static LimitEntry read(ResultSet row) throws SQLException {
    return new LimitEntry(
        new LimitKey(kind(row.getInt("kind")), row.getString("name")),
        new Limits(
            number(row, "concurrency"),
            number(row, "concurrency_per_group"),
            rate(row, "rate"),
            rate(row, "rate_per_group"),
            number(row, "max_waiting"),
            number(row, "max_waiting_per_group"),
            onLimit(number(row, "on_limit")),
            RetentionText.read(row.getString("retention")),
            readWeights(row.getBytes("weights"))),
        row.getInt("declared") == 1,
        row.getLong("version"),
        Utf8.text(row.getBytes("changed_by")),
        Micros.toInstant(row.getLong("changed_at")));
  }

  static Kind kind(int code) {
    return code == code(Kind.QUEUE) ? Kind.QUEUE : Kind.TYPE;
  }

  static int code(Kind kind) {
    return switch (kind) {
      case QUEUE -> 1;
      case TYPE -> 2;
    };
  }

  private static @Nullable Integer code(OnLimit onLimit) {
    return switch (onLimit) {
      case WAIT -> null;
      case DROP_NEW -> 1;
      case CANCEL_OLDEST -> 2;
    };
  }

  private static OnLimit onLimit(@Nullable Integer code) {
    for (OnLimit each : OnLimit.values()) {
      if (Objects.equals(code(each), code)) {
        return each;
      }
    }
    return OnLimit.WAIT; // of a later version
  }

  private static @Nullable Integer number(ResultSet row, String column) throws SQLException {
    int number = row.getInt(column);
    return row.wasNull() ? null : (Integer) number;
  }

  /** The rate in the three columns whose names begin so; null = there is none. */
  static @Nullable Rate rate(ResultSet row, String name) throws SQLException {
    Integer tokens = number(row, name + "_tokens");
    Duration per = duration(row, name + "_per");
    Integer burst = number(row, name + "_burst");
    return tokens == null || per == null || burst == null ? null : new Rate(tokens, per, burst);
  }

  private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
    long nanos = row.getLong(column);
    return row.wasNull() ? null : Duration.ofNanos(nanos);
  }

  private static @Nullable Long nanos(@Nullable Duration duration) {
    return duration == null ? null : (Long) duration.toNanos();
  }

  /** One {@code weight group} per line: no group holds a line feed. */
  private static byte @Nullable [] weights(Map<String, Integer> weights) {
    if (weights.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    weights.forEach((group, weight) -> text.append(weight).append(' ').append(group).append('\n'));
    return Utf8.of(text.toString());
  }

  private static Map<String, Integer> readWeights(byte @Nullable [] utf8) {
    Map<String, Integer> weights = new HashMap<>();
    if (utf8 != null) {
      for (String line : Utf8.text(utf8).split("\n")) {
        int space = line.indexOf(' ');
        weights.put(line.substring(space + 1), Integer.parseInt(line.substring(0, space)));
      }
    }
    return weights;
  }
}
