package io.quikqueue.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Properties;
import org.sqlite.core.DB;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * A connection that keeps its prepared statements for their next use: preparing them anew for each
 * transaction took a tenth of the processor time of a job that is submitted alone.
 */
final class SqliteConnection extends JDBC4Connection {

  private static final int MOST_KEPT = 32;

  /** Those that nobody uses, by their text, the one used least recently first. */
  private final LinkedHashMap<String, Kept> free = new LinkedHashMap<>();

  /** Whether the driver takes a transaction for begun that is not. */
  private boolean toBegin;

  SqliteConnection(String url, String file, Properties settings) throws SQLException {
    super(url, file, settings);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    checkCursor(type, concurrency, holdability);
    begin();
    Kept kept = free.remove(sql);
    return kept == null ? new Kept(sql) : kept.reopened();
  }

  /**
   * Commits. The driver would begin the next transaction at once, and commit it, empty, when the
   * connection is to commit by itself again: it begins when its first statement is prepared.
   */
  @Override
  public void commit() throws SQLException {
    if (getAutoCommit()) {
      super.commit(); // refuses
    } else if (!toBegin) {
      getDatabase().exec("commit;", false);
      toBegin = true;
    }
  }

  @Override
  public void rollback() throws SQLException {
    if (!toBegin) {
      super.rollback();
    }
  }

  @Override
  public void setAutoCommit(boolean on) throws SQLException {
    if (toBegin && on) {
      toBegin = false;
      getConnectionConfig().setAutoCommit(true);
      return;
    }
    boolean before = getAutoCommit();
    try {
      super.setAutoCommit(on);
    } catch (SQLException e) {
      // The driver takes for begun what could not begin: all after it would commit by itself.
      getConnectionConfig().setAutoCommit(before);
      throw e;
    }
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    begin();
    return super.createStatement(type, concurrency, holdability);
  }

  private void begin() throws SQLException {
    if (toBegin) {
      getDatabase().exec(transactionPrefix(), false);
      toBegin = false;
    }
  }

  private void keep(String sql, Kept statement) throws SQLException {
    Kept other = free.put(sql, statement);
    if (other == null && free.size() > MOST_KEPT) {
      other = free.pollFirstEntry().getValue();
    }
    if (other != null) {
      other.discard();
    }
  }

  private final class Kept extends JDBC4PreparedStatement {

    private final String text;
    private boolean used = true;

    Kept(String text) throws SQLException {
      super(SqliteConnection.this, text);
      this.text = text;
    }

    Kept reopened() {
      used = true;
      return this;
    }

    /** Ends this use of it; what it holds of parameters and results is let go. */
    @Override
    public void close() throws SQLException {
      if (!used) {
        return;
      }
      used = false;
      if (pointer.isClosed()) {
        discard(); // it failed in a way that nothing can be done with it any more
        return;
      }
      rs.close();
      pointer.safeRunInt(DB::reset);
      clearParameters();
      keep(text, this);
    }

    @Override
    public boolean isClosed() {
      return !used;
    }

    void discard() throws SQLException {
      super.close();
    }
  }
}
