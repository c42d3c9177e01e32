package io.quikqueue.sql;

import io.quikqueue.domain.hash.Sha256;
import io.quikqueue.domain.job.JobSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The line of an ordering key: SHA-256 of queue and key, since MariaDB scans a table for pairs of
 * values in a list.
 *
 * @param hex in the order in which every transaction locks
 */
record LineId(String hex) implements Comparable<LineId> {

  /** The line of a job that has an ordering key. */
  static LineId of(JobSpec spec) {
    return of(spec.queue(), String.valueOf(spec.orderingKey()));
  }

  static LineId of(String queue, String orderingKey) {
    MessageDigest sha = Sha256.begin();
    sha.update(queue.getBytes(StandardCharsets.US_ASCII));
    sha.update((byte) 0); // which neither holds
    return new LineId(
        HexFormat.of().formatHex(sha.digest(orderingKey.getBytes(StandardCharsets.UTF_8))));
  }

  static LineId read(byte[] stored) {
    return new LineId(HexFormat.of().formatHex(stored));
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public int compareTo(LineId other) {
    return hex.compareTo(other.hex);
  }
}
