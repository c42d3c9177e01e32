package io.quikqueue.sql;

import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.ConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools of a store.
 *
 * @param transactions connections for transactions
 * @param statements connections for writes that each commit by themselves
 * @param reads connections that only read
 * @param check what a commit has to pass to count
 * @param pools what to close in the end
 */
record Connections(
    ConnectionFactory transactions,
    ConnectionFactory statements,
    ConnectionFactory reads,
    Check check,
    List<AutoCloseable> pools)
    implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  /** Throws when what was committed will not be there after the next start. */
  interface Check {
    void run() throws SQLException;
  }

  @Override
  public void close() {
    for (AutoCloseable each : pools) {
      try {
        each.close();
      } catch (Exception e) {
        log.warn("event=store_not_closed cause={}", e.toString());
      }
    }
  }
}
