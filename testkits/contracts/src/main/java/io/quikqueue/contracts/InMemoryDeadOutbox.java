package io.quikqueue.contracts;

import static java.util.Comparator.comparing;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.DeadJob;
import io.quikqueue.domain.port.DeadOutbox;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** FAILED jobs that were not yet published, in a plain collection. */
final class InMemoryDeadOutbox implements DeadOutbox {

  private final NavigableMap<AttemptId, DeadJob> rows =
      new TreeMap<>(comparing(AttemptId::job).thenComparing(AttemptId::number));

  synchronized void changed(Transition change) {
    DeadJob dead = DeadJob.of(change);
    if (dead != null) {
      rows.put(dead.attempt(), dead);
    }
  }

  @Override
  public synchronized List<DeadJob> unpublished(int limit) {
    return rows.values().stream().limit(limit).toList();
  }

  @Override
  public synchronized void forget(Collection<AttemptId> published) {
    published.forEach(rows::remove);
  }
}
