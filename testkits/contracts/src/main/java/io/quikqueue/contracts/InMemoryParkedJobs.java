package io.quikqueue.contracts;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.ParkedJobs;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The parked jobs of an {@link InMemoryStore}. */
public final class InMemoryParkedJobs implements ParkedJobs {

  private static final Comparator<GroupOfQueue> BY_NAME =
      Comparator.comparing(GroupOfQueue::queue).thenComparing(GroupOfQueue::group);

  private record Row(GroupOfQueue group, int priority, AttemptId attempt) {}

  private final InMemoryStore store;
  private final NavigableSet<Row> rows =
      new TreeSet<>(
          Comparator.comparing(Row::group, BY_NAME)
              .thenComparing(Row::priority)
              .thenComparing(row -> row.attempt().job())
              .thenComparing(row -> row.attempt().number()));

  InMemoryParkedJobs(InMemoryStore store) {
    this.store = store;
  }

  @Override
  public synchronized void park(Collection<Envelope> attempts) {
    for (Envelope each : attempts) {
      String group = Objects.requireNonNull(each.group());
      rows.add(new Row(new GroupOfQueue(each.queue(), group), each.priority(), each.attempt()));
    }
  }

  @Override
  public synchronized List<Parked> first(GroupOfQueue group, int limit) {
    return rows.stream()
        .filter(row -> row.group().equals(group))
        .limit(limit)
        .map(row -> new Parked(row.attempt(), row.priority(), current(row.attempt())))
        .toList();
  }

  private @Nullable Job current(AttemptId attempt) {
    Job job = store.find(List.of(attempt.job())).get(attempt.job());
    return job != null && job.state() == JobState.QUEUED && job.attempt() == attempt.number()
        ? job
        : null;
  }

  @Override
  public synchronized void remove(GroupOfQueue group, Collection<Parked> gone) {
    gone.forEach(each -> rows.remove(new Row(group, each.priority(), each.attempt())));
  }

  @Override
  public synchronized List<GroupOfQueue> groups(@Nullable GroupOfQueue after, int limit) {
    return rows.stream()
        .map(Row::group)
        .distinct()
        .filter(group -> after == null || BY_NAME.compare(group, after) > 0)
        .limit(limit)
        .toList();
  }

  synchronized boolean holds(Job job) {
    return rows.stream().anyMatch(row -> row.attempt().equals(job.attemptId()));
  }
}
