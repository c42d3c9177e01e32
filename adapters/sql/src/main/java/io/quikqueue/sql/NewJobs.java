package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Stores jobs that no client has a key or slot for: those that are made with others. */
final class NewJobs {

  private NewJobs() {}

  /** Inserts them with their bodies; their side rows are the caller's. */
  static void insert(Dialect dialect, Connection connection, List<Job> jobs) throws SQLException {
    Bodies bodies = dialect.bodies();
    dialect.insert(
        connection,
        JobColumns.INSERT,
        JobColumns.INSERT_VALUES,
        "",
        jobs,
        job -> job.spec().payload().length(),
        (to, at, job) -> JobColumns.bindInsert(to, at, new JobColumn.Row(job, null, null, bodies)));
    bodies.write(connection);
  }
}
