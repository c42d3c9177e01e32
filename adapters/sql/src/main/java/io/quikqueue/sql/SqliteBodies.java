package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Long payloads and results on SQLite, in the table {@code bodies}. SQLite writes a row whole
 * whenever a column of it changes, first into its log and then into its file, so a long text in the
 * row of a job would be written again with every change of state. An empty text stands for it in
 * that row, so an empty text itself is kept here too. MySQL keeps long texts apart by itself.
 *
 * <p>A long result that is the payload, as that of {@code echo} is, has no text here: where an
 * empty result has none, it is the payload's.
 */
final class SqliteBodies implements Bodies {

  /** Characters; shorter texts stay in the row of the job, but for the empty one. */
  private static final int LONGEST_IN_ROW = 1_000;

  private static final int PAYLOAD = 0;
  private static final int RESULT = 1;

  private static final String APART = "";
  private static final String READ =
      """
      CASE %1$s WHEN '' THEN
        COALESCE((SELECT body FROM bodies WHERE job_id = j.id AND kind = %2$d), %3$s)
      ELSE %1$s END\
      """;
  private static final String WRITE =
      """
      INSERT INTO bodies (job_id, kind, body) VALUES (?, ?, ?)
      ON CONFLICT (job_id, kind) DO UPDATE SET body = excluded.body\
      """;
  private static final String DELETE = "DELETE FROM bodies WHERE job_id IN (%s)";

  /** How the payload of a job is read, wherever it is. */
  static final String PAYLOAD_COLUMN = READ.formatted("j.payload", PAYLOAD, "''");

  /** How the columns of a job are read that have their text here. */
  static final Map<String, String> COLUMNS = columns();

  private record Body(JobId job, int kind, String text) {}

  private final List<Body> apart = new ArrayList<>();

  @Override
  public String payload(JobId job, String text) {
    return inRow(job, PAYLOAD, text);
  }

  @Override
  public @Nullable String result(Job job) {
    String text = job.result();
    if (text == null) {
      return null;
    }
    boolean isLongPayload = text.length() > LONGEST_IN_ROW && text.equals(job.spec().payload());
    return isLongPayload ? APART : inRow(job.id(), RESULT, text);
  }

  private static Map<String, String> columns() {
    String result = READ.formatted("j.result", RESULT, PAYLOAD_COLUMN);
    return Map.of("payload", PAYLOAD_COLUMN, "result", result);
  }

  private String inRow(JobId job, int kind, String text) {
    if (!text.isEmpty() && text.length() <= LONGEST_IN_ROW) {
      return text;
    }
    apart.add(new Body(job, kind, text));
    return APART;
  }

  @Override
  public void write(Connection connection) throws SQLException {
    MultiRow.executeEach(connection, WRITE, apart, SqliteBodies::bind);
  }

  /** Deletes those of jobs that are deleted. */
  static void delete(Connection connection, List<JobId> jobs) throws SQLException {
    Ids.update(connection, DELETE, jobs);
  }

  private static void bind(PreparedStatement to, int at, Body body) throws SQLException {
    to.setBytes(at + 1, body.job().bytes());
    to.setInt(at + 2, body.kind());
    to.setString(at + 3, body.text());
  }
}
