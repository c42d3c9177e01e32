package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction adds to the numbers of jobs that wait by group and by owner, of those jobs
 * that count there; others cost nothing. Written in the order of the key, before the counters of
 * the queues.
 */
final class WaitingCounts {

  private static final String INSERT = "INSERT INTO waiting_counts (queue, job_group, n) VALUES";

  /**
   * A row of the table.
   *
   * @param queue empty = over all queues, by owner
   * @param group empty = the queue itself; without a queue the owner
   */
  record Key(String queue, String group) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::queue).thenComparing(Key::group);

    /** Of a job that counts there; null = it does not. */
    static @Nullable Key of(JobSpec spec) {
      String group = spec.group();
      return group == null || !spec.countedInGroup() ? null : new Key(spec.queue(), group);
    }

    /** Of the jobs of an owner. */
    static Key ofOwner(String owner) {
      return new Key("", owner);
    }

    /** The group as the table has it. */
    byte[] groupBytes() {
      return Utf8.of(group);
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private @Nullable Map<Key, Long> counts;

  void submitted(Job job) {
    add(job, 1);
  }

  void changed(Job before, Job after) {
    if (before.spec().countedInGroup() || before.spec().owner() != null) {
      add(before, -1);
      add(after, 1);
    }
  }

  private void add(Job job, long n) {
    if (job.state().waiting()) {
      add(Key.of(job.spec()), n);
      String owner = job.spec().owner();
      add(owner == null ? null : Key.ofOwner(owner), n);
    }
  }

  private void add(@Nullable Key key, long n) {
    if (key != null) {
      if (counts == null) {
        counts = new TreeMap<>();
      }
      counts.merge(key, n, Long::sum);
    }
  }

  void write(Commit commit, Dialect dialect) throws SQLException {
    if (counts == null) {
      return;
    }
    counts.values().removeIf(n -> n == 0);
    commit.insert(
        INSERT,
        3,
        dialect.addToWaiting(),
        List.copyOf(counts.entrySet()),
        (to, at, count) -> {
          to.setString(at + 1, count.getKey().queue());
          to.setBytes(at + 2, count.getKey().groupBytes());
          to.setLong(at + 3, count.getValue());
        });
  }
}
