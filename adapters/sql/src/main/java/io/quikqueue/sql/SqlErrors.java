package io.quikqueue.sql;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Tells the errors of a database apart: by JDBC's kinds and states, and by its own codes. */
abstract class SqlErrors {

  /** Whether the code says that the same call may succeed when it is made again. */
  abstract boolean isTransient(SQLException e);

  /** Whether a row with the same primary key is there. */
  abstract boolean isDuplicate(SQLException e);

  /** Whether the code says that a value is one that the database cannot hold. */
  abstract boolean isBadData(SQLException e);

  /** Whether a value is larger than the database takes. */
  abstract boolean isTooLarge(SQLException e);

  /** Whether the server lets the user in no further, so that its message names the user. */
  boolean mayNameUser(SQLException e) {
    return hasState(e, "28");
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
  final String reason(Throwable failure) {
    SQLException e = sql(failure);
    if (e == null) {
      return "the database does not hold it";
    }
    if (e instanceof GrowthRefusedException) {
      return String.valueOf(e.getMessage());
    }
    return isTooLarge(e)
        ? "it is larger than the database takes"
        : "the database does not hold it (error %d, state %s)"
            .formatted(e.getErrorCode(), e.getSQLState());
  }

  /** Whether the same call may succeed when it is made again. */
  final boolean mayPass(Throwable failure) {
    SQLException e = sql(failure);
    return e != null
        && (isTransient(e)
            || e instanceof SQLTransientException
            || e instanceof SQLRecoverableException
            || (hasState(e, "08") && !isTooLarge(e)));
  }

  /** Whether a row with the same primary key is there. */
  final boolean duplicate(Throwable failure) {
    SQLException e = sql(failure);
    return e != null && isDuplicate(e);
  }

  /** Whether a value is one that the database cannot hold. */
  final boolean badData(Throwable failure) {
    SQLException e = sql(failure);
    return e != null
        && !isDuplicate(e)
        && (isBadData(e) || isTooLarge(e) || e instanceof SQLDataException || hasState(e, "22"));
  }

  private static boolean hasState(SQLException e, String kind) {
    String state = e.getSQLState();
    return state != null && state.startsWith(kind);
  }
}
