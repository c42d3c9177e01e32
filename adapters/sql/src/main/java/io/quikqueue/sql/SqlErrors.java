package io.quikqueue.sql;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells the errors of the databases apart. */
final class SqlErrors {

  /**
   * Lock wait timeout, deadlock, record changed since read; too many connections, shutting down,
   * query interrupted, lost connection, connection killed.
   */
  private static final Set<Integer> MYSQL_TRANSIENT =
      Set.of(1205, 1213, 1020, 1040, 1053, 1317, 2006, 2013, 1927);

  private static final int MYSQL_DUPLICATE = 1062;

  /** Column cannot be null, data too long, incorrect value, out of range, packet too large. */
  private static final Set<Integer> MYSQL_DATA = Set.of(1048, 1406, 1366, 1264, 1292, 1153, 3988);

  /** Access denied: to a database, to the server, by the kind of account. */
  private static final Set<Integer> MYSQL_DENIED = Set.of(1044, 1045, 1698);

  private SqlErrors() {}

  /** Whether the server lets the user in no further, so that its message names the user. */
  static boolean mayNameUser(SQLException e) {
    String state = e.getSQLState();
    return MYSQL_DENIED.contains(e.getErrorCode()) || (state != null && state.startsWith("28"));
  }

  /** The database's own word about a failure, without the statement and its arguments. */
  static @Nullable SQLException sql(Throwable failure) {
    Throwable each = failure;
    for (int depth = 0; each != null && depth < 10; depth++) {
      if (each instanceof SQLException found) {
        return found;
      }
      each = each.getCause();
    }
    return null;
  }

  /** The kind of an error in few words, without values: they may be secret, and any length. */
  static String reason(Throwable failure) {
    SQLException e = sql(failure);
    if (e == null) {
      return "the database does not hold it";
    }
    return tooLarge(e)
        ? "it is larger than the database takes"
        : "the database does not hold it (error %d, state %s)"
            .formatted(e.getErrorCode(), e.getSQLState());
  }

  /** Whether the same call may succeed when it is made again. */
  static boolean mayPass(Throwable failure) {
    SQLException e = sql(failure);
    if (e == null) {
      return false;
    }
    if (e instanceof SQLiteException lite) {
      SQLiteErrorCode code = lite.getResultCode();
      return (code.code & 0xFF) == SQLiteErrorCode.SQLITE_BUSY.code
          || (code.code & 0xFF) == SQLiteErrorCode.SQLITE_LOCKED.code;
    }
    String state = e.getSQLState();
    return MYSQL_TRANSIENT.contains(e.getErrorCode())
        || e instanceof SQLTransientException
        || e instanceof SQLRecoverableException
        || (state != null && state.startsWith("08") && !tooLarge(e));
  }

  /** Whether a row with the same primary key is there. */
  static boolean duplicate(Throwable failure) {
    SQLException e = sql(failure);
    if (e instanceof SQLiteException lite) {
      SQLiteErrorCode code = lite.getResultCode();
      return code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
          || code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE;
    }
    return e != null && e.getErrorCode() == MYSQL_DUPLICATE;
  }

  /** Whether a value is one that the database cannot hold. */
  static boolean badData(Throwable failure) {
    SQLException e = sql(failure);
    if (e instanceof SQLiteException lite) {
      SQLiteErrorCode code = lite.getResultCode();
      return code == SQLiteErrorCode.SQLITE_TOOBIG
          || code == SQLiteErrorCode.SQLITE_MISMATCH
          || (!duplicate(e) && (code.code & 0xFF) == SQLiteErrorCode.SQLITE_CONSTRAINT.code);
    }
    if (e == null) {
      return false;
    }
    String state = e.getSQLState();
    return MYSQL_DATA.contains(e.getErrorCode())
        || tooLarge(e)
        || e instanceof SQLDataException
        || (state != null && state.startsWith("22"));
  }

  private static boolean tooLarge(SQLException e) {
    return e instanceof com.mysql.cj.jdbc.exceptions.PacketTooBigException;
  }
}
