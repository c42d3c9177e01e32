package io.quikqueue.sql;

import com.mysql.cj.jdbc.exceptions.PacketTooBigException;
import java.sql.SQLException;
import java.util.Set;

/** The errors of MySQL and MariaDB. */
final class MySqlErrors extends SqlErrors {

  /**
   * Lock wait timeout, deadlock, record changed since read; too many connections, shutting down,
   * query interrupted, lost connection, connection killed.
   */
  private static final Set<Integer> TRANSIENT =
      Set.of(1205, 1213, 1020, 1040, 1053, 1317, 2006, 2013, 1927);

  private static final int DUPLICATE = 1062;

  /** Column cannot be null, data too long, incorrect value, out of range, packet too large. */
  private static final Set<Integer> BAD_DATA = Set.of(1048, 1406, 1366, 1264, 1292, 1153, 3988);

  /** Access denied: to a database, to the server, by the kind of account. */
  private static final Set<Integer> DENIED = Set.of(1044, 1045, 1698);

  @Override
  boolean isTransient(SQLException e) {
    return TRANSIENT.contains(e.getErrorCode());
  }

  @Override
  boolean isDuplicate(SQLException e) {
    return e.getErrorCode() == DUPLICATE;
  }

  @Override
  boolean isBadData(SQLException e) {
    return BAD_DATA.contains(e.getErrorCode());
  }

  @Override
  boolean isTooLarge(SQLException e) {
    return e instanceof PacketTooBigException;
  }

  @Override
  boolean mayNameUser(SQLException e) {
    return DENIED.contains(e.getErrorCode()) || super.mayNameUser(e);
  }
}
