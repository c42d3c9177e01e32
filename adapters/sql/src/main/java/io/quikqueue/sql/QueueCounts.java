package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * What a transaction adds to the counters of its queues. Each counter is spread over slots; a
 * transaction uses one, and writes it last, in the order of the key, so that two seldom wait for
 * each other and never for long.
 */
final class QueueCounts {

  /** Kinds beside the codes of the states: totals, also of jobs that are pruned. */
  static final int SUBMITTED = 20;

  static final int FINISHED = 21;

  /** The kinds of jobs that wait, between commas. */
  static final String WAITING =
      Arrays.stream(JobState.values())
          .filter(JobState::waiting)
          .map(state -> Integer.toString(state.code()))
          .collect(Collectors.joining(", "));

  private static final String INSERT = "INSERT INTO queue_counts (queue, slot, kind, n) VALUES";

  private record Key(String queue, int kind) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::queue).thenComparingInt(Key::kind);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<Key, Long> counts = new TreeMap<>();

  void submitted(Job job) {
    add(job.spec().queue(), job.state().code(), 1);
    add(job.spec().queue(), SUBMITTED, 1);
    if (job.state().terminal()) {
      add(job.spec().queue(), FINISHED, 1);
    }
  }

  void changed(Job before, Job after) {
    String queue = after.spec().queue();
    if (before.state() != after.state() || !before.spec().queue().equals(queue)) {
      add(before.spec().queue(), before.state().code(), -1);
      add(queue, after.state().code(), 1);
    }
    if (after.state().terminal() != before.state().terminal()) {
      add(queue, FINISHED, after.state().terminal() ? 1 : -1);
    }
  }

  void deleted(String queue, JobState state) {
    add(queue, state.code(), -1);
  }

  private void add(String queue, int kind, long n) {
    counts.merge(new Key(queue, kind), n, Long::sum);
  }

  /** Adds all to the table, as the last statement of the transaction. */
  void write(Commit commit, Dialect dialect) throws SQLException {
    for (Iterator<Long> n = counts.values().iterator(); n.hasNext(); ) {
      if (n.next() == 0) {
        n.remove();
      }
    }
    int slot = ThreadLocalRandom.current().nextInt(dialect.counterSlots());
    commit.insert(
        INSERT,
        4,
        dialect.addToCounts(),
        List.copyOf(counts.entrySet()),
        (statement, at, count) -> {
          statement.setString(at + 1, count.getKey().queue());
          statement.setInt(at + 2, slot);
          statement.setInt(at + 3, count.getKey().kind());
          statement.setLong(at + 4, count.getValue());
        });
  }
}
