package io.quikqueue.sql;

import java.sql.Connection;
import java.sql.SQLException;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;

/**
 * A connection on which Liquibase runs in one transaction. It would commit each change set and the
 * record of it one after the other: when the process is killed in between, the change set runs
 * again and fails, for ever. For databases that can take back what makes tables.
 */
final class OneTransaction extends JdbcConnection {

  OneTransaction(Connection connection) throws SQLException {
    super(connection);
    connection.setAutoCommit(false);
  }

  @Override
  public void setAutoCommit(boolean autoCommit) {
    // it stays off
  }

  @Override
  public void commit() {
    // at the end
  }

  /** Of what failed nothing is committed: whoever opened the connection rolls all of it back. */
  @Override
  public void rollback() {
    // Liquibase also does so before it takes or gives back its lock.
  }

  /** Commits what was done. */
  void end() throws DatabaseException {
    super.commit();
  }
}
