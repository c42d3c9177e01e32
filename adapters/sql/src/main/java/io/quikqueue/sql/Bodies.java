package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Where the payloads and results go that one transaction writes: into the row, or elsewhere. */
interface Bodies {

  /** All of them stay in the row. */
  Bodies IN_ROW =
      new Bodies() {
        @Override
        public String payload(JobId job, String text) {
          return text;
        }

        @Override
        public @Nullable String result(Job job) {
          return job.result();
        }

        @Override
        public void write(Connection connection) {}
      };

  /** What stands in the row for this payload. */
  String payload(JobId job, String text);

  /** What stands in the row for the result of this job. */
  @Nullable String result(Job job);

  /** Writes those that no row holds. */
  void write(Connection connection) throws SQLException;
}
