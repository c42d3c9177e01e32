package io.quikqueue.sql;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The errors of SQLite. */
final class SqliteErrors extends SqlErrors {

  @Override
  boolean isTransient(SQLException e) {
    return isOfKind(e, SQLiteErrorCode.SQLITE_BUSY) || isOfKind(e, SQLiteErrorCode.SQLITE_LOCKED);
  }

  @Override
  boolean isDuplicate(SQLException e) {
    return is(e, SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY)
        || is(e, SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE);
  }

  @Override
  boolean isBadData(SQLException e) {
    return is(e, SQLiteErrorCode.SQLITE_MISMATCH) || isOfKind(e, SQLiteErrorCode.SQLITE_CONSTRAINT);
  }

  @Override
  boolean isTooLarge(SQLException e) {
    return is(e, SQLiteErrorCode.SQLITE_TOOBIG);
  }

  private static boolean is(SQLException e, SQLiteErrorCode code) {
    return e instanceof SQLiteException lite && lite.getResultCode() == code;
  }

  /** Whether the code, which may be an extended one, belongs to this one. */
  private static boolean isOfKind(SQLException e, SQLiteErrorCode code) {
    return e instanceof SQLiteException lite && (lite.getResultCode().code & 0xFF) == code.code;
  }
}
