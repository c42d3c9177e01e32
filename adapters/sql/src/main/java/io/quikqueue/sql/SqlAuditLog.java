package io.quikqueue.sql;

import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The audit log in the table {@code audit_log}. */
final class SqlAuditLog implements AuditLog {

  private static final String INSERT =
      "INSERT INTO audit_log (id, kind, caller, address, action, target, status, reason, requests)"
          + " VALUES";
  private static final int COLUMNS = 9;
  private static final String FINISH =
      "UPDATE audit_log SET target = COALESCE(target, ?), status = ? WHERE id = ? AND status IS"
          + " NULL";
  private static final String FINISH_ALIKE =
      "UPDATE audit_log SET status = %d WHERE status IS NULL AND id IN (%%s)";

  /** Each condition is left out that is not asked for, so that an index serves the others. */
  private static final String LIST =
      """
      SELECT id, kind, caller, address, action, target, status, reason, requests FROM audit_log
      WHERE <kind> <caller> <action> <target> id >= :from AND id < :before
      ORDER BY id DESC LIMIT :limit\
      """;

  private static final String OLD =
      "SELECT id FROM audit_log WHERE kind = :kind AND id < :before ORDER BY id LIMIT :limit";
  private static final byte[] LOWEST = new byte[16];
  private static final byte[] HIGHEST = new byte[16];

  static {
    Arrays.fill(HIGHEST, (byte) 0xFF);
  }

  private final Database database;

  SqlAuditLog(Database database) {
    this.database = database;
  }

  @Override
  public void append(List<AuditRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    database.write(
        (handle, _) -> {
          database
              .dialect()
              .insert(
                  handle.getConnection(),
                  INSERT,
                  COLUMNS,
                  database.dialect().keepExisting("id"),
                  records,
                  _ -> AuditRecord.MOST_CHARS,
                  (to, at, each) -> {
                    to.setBytes(at + 1, each.id().bytes());
                    to.setInt(at + 2, code(each.kind()));
                    to.setBytes(at + 3, Utf8.of(each.caller()));
                    to.setString(at + 4, each.address());
                    to.setString(at + 5, each.action());
                    to.setBytes(at + 6, Utf8.orNull(each.target()));
                    to.setObject(at + 7, each.status());
                    to.setString(at + 8, each.reason());
                    to.setInt(at + 9, each.requests());
                  });
          return records.size();
        });
  }

  @Override
  public void finish(List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return;
    }
    Map<Integer, TreeSet<JobId>> alike = new TreeMap<>();
    List<Outcome> named = new ArrayList<>();
    for (Outcome each : outcomes) {
      if (each.target() == null) {
        alike.computeIfAbsent(each.status(), _ -> new TreeSet<>()).add(each.id());
      } else {
        named.add(each);
      }
    }
    database.write(
        (handle, _) -> {
          for (Map.Entry<Integer, TreeSet<JobId>> each : alike.entrySet()) {
            Ids.update(
                handle.getConnection(),
                FINISH_ALIKE.formatted(each.getKey()),
                List.copyOf(each.getValue()));
          }
          return named.isEmpty()
              ? 0
              : MultiRow.executeEach(
                  handle.getConnection(),
                  FINISH,
                  named,
                  (to, at, each) -> {
                    to.setBytes(at + 1, Utf8.orNull(each.target()));
                    to.setInt(at + 2, each.status());
                    to.setBytes(at + 3, each.id().bytes());
                  });
        });
  }

  @Override
  public List<AuditRecord> list(Query query) {
    return database.read(handle -> list(handle, query));
  }

  private static List<AuditRecord> list(Handle handle, Query query) {
    AuditKind kind = query.kind();
    var select = handle.createQuery(LIST);
    select.define("kind", kind == null ? "" : "kind = :of_kind AND");
    select.define("caller", query.caller() == null ? "" : "caller = :of_caller AND");
    select.define("action", query.action() == null ? "" : "action = :of_action AND");
    select.define("target", query.target() == null ? "" : "target = :of_target AND");
    if (kind != null) {
      select.bind("of_kind", code(kind));
    }
    if (query.caller() != null) {
      select.bind("of_caller", Utf8.of(query.caller()));
    }
    if (query.action() != null) {
      select.bind("of_action", query.action());
    }
    if (query.target() != null) {
      select.bind("of_target", Utf8.of(query.target()));
    }
    return select
        .bind("from", query.from() == null ? LOWEST : JobIds.floor(query.from()).bytes())
        .bind("before", before(query))
        .bind("limit", query.limit())
        .map((row, _) -> read(row))
        .list();
  }

  /** The nearer of the two ends. */
  private static byte[] before(Query query) {
    JobId after = query.after();
    Instant until = query.until();
    JobId end = until == null ? null : JobIds.floor(until);
    if (after != null && (end == null || after.compareTo(end) < 0)) {
      return after.bytes();
    }
    return end == null ? HIGHEST : end.bytes();
  }

  private static AuditRecord read(ResultSet row) throws SQLException {
    int status = row.getInt("status");
    @Nullable Integer outcome = row.wasNull() ? null : (Integer) status;
    byte[] target = row.getBytes("target");
    return new AuditRecord(
        JobId.of(row.getBytes("id")),
        kind(row.getInt("kind")),
        Utf8.text(row.getBytes("caller")),
        row.getString("address"),
        row.getString("action"),
        target == null ? null : Utf8.text(target),
        outcome,
        row.getString("reason"),
        row.getInt("requests"));
  }

  @Override
  public int prune(AuditKind kind, Instant before, int limit) {
    List<JobId> old =
        database.read(
            handle ->
                handle
                    .createQuery(OLD)
                    .bind("kind", code(kind))
                    .bind("before", JobIds.floor(before).bytes())
                    .bind("limit", limit)
                    .map((row, _) -> JobId.of(Objects.requireNonNull(row.getBytes(1))))
                    .list());
    if (!old.isEmpty()) {
      String delete = database.dialect().deleteByKey("audit_log") + " WHERE id IN (%s)";
      database.write(
          (handle, _) -> {
            Ids.update(handle.getConnection(), delete, Ids.sorted(old));
            return true;
          });
    }
    return old.size();
  }

  private static int code(AuditKind kind) {
    return switch (kind) {
      case CHANGE -> 1;
      case JOB -> 2;
      case SIGN_IN -> 3;
      case REFUSAL -> 4;
    };
  }

  private static AuditKind kind(int code) {
    return Arrays.stream(AuditKind.values())
        .filter(each -> code(each) == code)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no kind has the code " + code));
  }
}
