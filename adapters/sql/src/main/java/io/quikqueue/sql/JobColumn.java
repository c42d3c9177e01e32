package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A column of the table {@code jobs}.
 *
 * @param <B> what takes the value when it is read
 */
record JobColumn<B>(String name, Written by, Writer writer, Reader<B> reader) {

  /**
   * A job to be written.
   *
   * @param key its idempotency key
   * @param worker who ran the attempt that has just ended, or runs the one that has begun
   * @param bodies takes texts that are kept out of the row
   */
  record Row(Job job, @Nullable String key, @Nullable String worker, Bodies bodies) {
    JobSpec spec() {
      return job.spec();
    }
  }

  interface Writer {
    void write(PreparedStatement to, int at, Row row) throws SQLException;
  }

  interface Reader<B> {
    void read(ResultSet from, int at, B into) throws SQLException;
  }

  /** Which statements write a column; {@code OTHER} stands for one of its own. */
  enum Written {
    BY_INSERT,
    BY_UPDATE,
    BY_BOTH,
    BY_OTHER
  }

  boolean inserted() {
    return by == Written.BY_INSERT || by == Written.BY_BOTH;
  }

  boolean updated() {
    return by == Written.BY_UPDATE || by == Written.BY_BOTH;
  }
}
