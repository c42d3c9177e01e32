package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobSignals.Signal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code job_signals}: of jobs, and of workflows under their ids. Whoever uses it has
 * locked the row of the job or the workflow.
 */
final class SignalRows {

  private static final String SELECT_KEY =
      "SELECT fingerprint FROM job_signals WHERE job_id = ? AND name = ? AND signal_key = ?";
  private static final String COUNT =
      "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM job_signals WHERE job_id = ?";
  private static final String INSERT =
      """
      INSERT INTO job_signals (job_id, name, signal_key, fingerprint, sent_at, taken, payload, size)
      VALUES (?, ?, ?, ?, ?, 0, ?, ?)\
      """;
  private static final String SELECT_FIRST =
      """
      SELECT signal_key, payload FROM job_signals WHERE job_id = ? AND name = ? AND taken = 0
      ORDER BY sent_at, signal_key LIMIT 1\
      """;

  /** Its size stays: the payload is there still, with who took it. */
  private static final String TAKE =
      """
      UPDATE job_signals SET taken = 1, payload = NULL
      WHERE job_id = ? AND name = ? AND signal_key = ?\
      """;

  /** What came first under the key of a signal. */
  enum Before {
    NOTHING,
    THE_SAME,
    ANOTHER
  }

  /** A signal that nobody has taken. */
  record Come(byte[] key, String payload) {

    /** Whether it cannot be opened here; it must stay where it is, bound to its place. */
    boolean isSealed() {
      return SealedText.isSealed(payload);
    }
  }

  private final FieldCipher cipher;

  SignalRows(Dialect dialect) {
    this.cipher = dialect.cipher();
  }

  static Before before(Connection connection, Signal signal) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_KEY)) {
      statement.setBytes(1, signal.job().bytes());
      statement.setBytes(2, Utf8.of(signal.name()));
      statement.setBytes(3, Utf8.of(signal.key()));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Before.NOTHING;
        }
        byte[] first = row.getBytes(1);
        return signal.isSameAs(first == null ? null : HexFormat.of().formatHex(first))
            ? Before.THE_SAME
            : Before.ANOTHER;
      }
    }
  }

  /**
   * Why a signal cannot be kept; null = it can.
   *
   * @param whose "job" or "workflow"
   */
  static @Nullable String problem(Connection connection, Signal signal, String whose)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      statement.setBytes(1, signal.job().bytes());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        if (row.getInt(1) >= JobSignals.MOST) {
          return "the %s has had %d signals already".formatted(whose, JobSignals.MOST);
        }
        int size = Utf8.of(signal.payload()).length;
        return row.getLong(2) + size > JobSignals.MOST_BYTES
            ? "the signals of the %s would have more than %d bytes"
                .formatted(whose, JobSignals.MOST_BYTES)
            : null;
      }
    }
  }

  void insert(Connection connection, Signal signal) throws SQLException {
    int size = Utf8.of(signal.payload()).length;
    byte[] payload = Utf8.of(cipher.seal(signal.job(), FieldCipher.Field.SIGNAL, signal.payload()));
    String fingerprint = signal.fingerprint();
    byte[] hash = fingerprint == null ? null : HexFormat.of().parseHex(fingerprint);
    MultiRow.executeEach(
        connection,
        INSERT,
        List.of(signal),
        (to, at, each) -> {
          to.setBytes(at + 1, each.job().bytes());
          to.setBytes(at + 2, Utf8.of(each.name()));
          to.setBytes(at + 3, Utf8.of(each.key()));
          to.setBytes(at + 4, hash);
          to.setLong(at + 5, Micros.of(each.at()));
          to.setBytes(at + 6, payload);
          to.setInt(at + 7, size);
        });
  }

  /** The first of this name that nobody has taken; null = there is none. */
  @Nullable Come first(Connection connection, JobId id, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_FIRST)) {
      statement.setBytes(1, id.bytes());
      statement.setBytes(2, Utf8.of(name));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        String stored = String.valueOf(JobTexts.readBytes(row, 2));
        return new Come(row.getBytes(1), cipher.open(id, FieldCipher.Field.SIGNAL, stored));
      }
    }
  }

  static void take(Connection connection, JobId id, String name, byte[] key) throws SQLException {
    MultiRow.executeEach(
        connection,
        TAKE,
        List.of(key),
        (to, at, each) -> {
          to.setBytes(at + 1, id.bytes());
          to.setBytes(at + 2, Utf8.of(name));
          to.setBytes(at + 3, each);
        });
  }
}
