package io.quikqueue.sql;

import com.mysql.cj.jdbc.JdbcConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.PooledConnection;

/** What only MySQL's driver can do. */
final class MySql {

  private MySql() {}

  /**
   * A statement that the driver sends as text. Selected parameters have no type in a statement that
   * the server prepares: ids would be taken for text.
   */
  static PreparedStatement clientPrepared(Connection connection, String sql) throws SQLException {
    Connection own =
        connection instanceof PooledConnection pooled ? pooled.getConnection() : connection;
    return ((JdbcConnection) own).clientPrepareStatement(sql);
  }
}
