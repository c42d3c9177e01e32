package io.quikqueue.sql;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a transaction adds to the counters of groups of FAILED jobs, each of which is spread over
 * slots as those of queues are, see {@link QueueCounts}.
 */
final class DeadCounts {

  private static final String INSERT =
      "INSERT INTO dead_counts (group_id, queue, slot, n, last_seen_at) VALUES";

  private record Key(String group, String queue) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::group).thenComparing(Key::queue);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private record Count(long n, long lastSeen) {
    Count plus(Count other) {
      return new Count(n + other.n, Math.max(lastSeen, other.lastSeen));
    }
  }

  private final Map<Key, Count> counts = new TreeMap<>();

  /**
   * @param seen when the job failed, in microseconds; 0 = it has left the group
   */
  void add(String group, String queue, long n, long seen) {
    counts.merge(new Key(group, queue), new Count(n, seen), Count::plus);
  }

  void write(Commit commit, Dialect dialect) throws SQLException {
    counts.values().removeIf(count -> count.n() == 0 && count.lastSeen() == 0);
    int slot = ThreadLocalRandom.current().nextInt(dialect.counterSlots());
    commit.insert(
        INSERT,
        5,
        dialect.addToDeadCounts(),
        List.copyOf(counts.entrySet()),
        (to, at, each) -> {
          to.setBytes(at + 1, GroupId.bytes(each.getKey().group()));
          to.setString(at + 2, each.getKey().queue());
          to.setInt(at + 3, slot);
          to.setLong(at + 4, each.getValue().n());
          to.setLong(at + 5, each.getValue().lastSeen());
        });
  }
}
