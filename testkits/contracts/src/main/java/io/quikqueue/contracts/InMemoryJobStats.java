package io.quikqueue.contracts;

import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The counts of minutes in a plain list, for tests. */
public final class InMemoryJobStats implements JobStats {

  private final List<MinuteCounts> all = new ArrayList<>();

  @Override
  public synchronized void record(List<MinuteCounts> counts) {
    for (MinuteCounts each : counts) {
      all.removeIf(
          other ->
              other.scope().equals(each.scope())
                  && other.minute().equals(each.minute())
                  && other.process().equals(each.process()));
    }
    all.addAll(counts);
  }

  @Override
  public synchronized List<MinuteCounts> read(StatsScope scope, Instant from, Instant until) {
    return all.stream()
        .filter(each -> each.scope().equals(scope))
        .filter(each -> !each.minute().isBefore(from) && each.minute().isBefore(until))
        .toList();
  }

  @Override
  public synchronized int prune(Instant before, int limit) {
    List<MinuteCounts> old =
        all.stream()
            .filter(each -> each.minute().isBefore(before.truncatedTo(ChronoUnit.MINUTES)))
            .sorted(Comparator.comparing(MinuteCounts::minute))
            .limit(limit)
            .toList();
    all.removeAll(old);
    return old.size();
  }
}
