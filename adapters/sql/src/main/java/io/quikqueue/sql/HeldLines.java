package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnFailedHead;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The column {@code on_failed_head}, by which a FAILED job holds the line of its ordering key. */
final class HeldLines {

  static final int HOLD = 1;
  private static final int PASSED = 2;

  /** Of FAILED jobs {@code j}, those that hold no line. */
  static final String NONE = "AND COALESCE(j.on_failed_head, 0) <> " + HOLD;

  private static final String SELECT = "SELECT state, on_failed_head FROM jobs WHERE id = ?";

  private HeldLines() {}

  /** NULL in most rows, as in those of versions that do not know it. */
  static @Nullable Integer code(OnFailedHead on) {
    return switch (on) {
      case CONTINUE -> null;
      case HOLD -> HOLD;
      case PASSED -> PASSED;
    };
  }

  static OnFailedHead read(int code) {
    return switch (code) {
      case 0 -> OnFailedHead.CONTINUE;
      case HOLD -> OnFailedHead.HOLD;
      case PASSED -> OnFailedHead.PASSED;
      default -> throw new IllegalStateException("no on_failed_head has the code " + code);
    };
  }

  static boolean holds(Handle handle, JobId job) {
    return handle
        .select(SELECT, job.bytes())
        .map((row, _) -> holds(row, 1, 2))
        .findOne()
        .orElse(false);
  }

  /** Whether the job of a row, with these columns, holds its line. */
  static boolean holds(ResultSet row, int state, int onFailedHead) throws SQLException {
    return row.getInt(state) == JobState.FAILED.code() && row.getInt(onFailedHead) == HOLD;
  }
}
