package io.quikqueue.sql;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.Dependencies;
import java.util.List;
import java.util.Optional;

/** The table {@code dependencies}, seen from outside. */
final class SqlDependencies implements Dependencies {

  private final Database database;
  private final ForgottenRows forgotten;

  SqlDependencies(Database database, boolean outbox, CallbackJobs callbacks) {
    DependencyRows rows = new DependencyRows(database.dialect());
    SideRows side = new SideRows(database.dialect(), outbox);
    this.database = database;
    CallbackRows made = new CallbackRows(database.dialect(), callbacks);
    this.forgotten = new ForgottenRows(database, rows, new SaveRows(database, side, rows, made));
  }

  @Override
  public Optional<JobId> needs(JobId waiting) {
    return database.read(
        handle -> Optional.ofNullable(DependencyRows.needs(handle.getConnection(), waiting)));
  }

  @Override
  public boolean holdsLine(JobId job) {
    return database.read(handle -> HeldLines.holds(handle, job));
  }

  @Override
  public List<Job> releaseForgotten(int rows) {
    return forgotten.release(rows);
  }
}
