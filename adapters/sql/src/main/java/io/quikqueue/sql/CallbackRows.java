package io.quikqueue.sql;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Stores the jobs that tell of the ends of others. */
final class CallbackRows {

  private final Dialect dialect;
  private final CallbackJobs callbacks;

  CallbackRows(Dialect dialect, CallbackJobs callbacks) {
    this.dialect = dialect;
    this.callbacks = callbacks;
  }

  /** Stores the callbacks of the jobs that these steps end; returns them, most often none. */
  List<Job> make(Connection connection, List<Step> steps) throws SQLException {
    List<Job> made = new ArrayList<>(0);
    for (Step step : steps) {
      Job callback = callbacks.of(step.change());
      if (callback != null) {
        made.add(callback);
      }
    }
    if (made.isEmpty()) {
      return made;
    }
    NewJobs.insert(dialect, connection, made);
    return made;
  }
}
