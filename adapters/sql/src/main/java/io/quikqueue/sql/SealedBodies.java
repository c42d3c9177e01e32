package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.FieldCipher.Field;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Encrypts the payloads and results on their way to where they go. */
record SealedBodies(FieldCipher cipher, Bodies bodies) implements Bodies {

  /** The bodies as they are where nothing is encrypted. */
  static Bodies of(FieldCipher cipher, Bodies bodies) {
    return cipher == FieldCipher.NONE ? bodies : new SealedBodies(cipher, bodies);
  }

  @Override
  public String payload(JobId job, String text) {
    return bodies.payload(job, cipher.seal(job, Field.PAYLOAD, text));
  }

  @Override
  public @Nullable String result(Job job) {
    String result = job.result();
    if (result == null) {
      return bodies.result(job);
    }
    String sealed = cipher.seal(job.id(), Field.RESULT, result);
    return bodies.result(sealed.equals(result) ? job : job.toBuilder().result(sealed).build());
  }

  @Override
  public void write(Connection connection) throws SQLException {
    bodies.write(connection);
  }
}
