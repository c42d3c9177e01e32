package io.quikqueue.contracts;

import static java.util.Comparator.comparing;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.dead.FailureKind;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.DeadGroup;
import io.quikqueue.domain.port.DeadGroupPage;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.DeadStatus;
import io.quikqueue.domain.port.JobPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The groups of FAILED jobs of an {@link InMemoryStore}, under its lock. */
final class InMemoryDeadLetters implements DeadLetters {

  private final Object lock;
  private final NavigableMap<JobId, Job> jobs;
  private final Map<String, DeadGroup> groups = new HashMap<>();
  private final Map<JobId, String> placed = new HashMap<>();

  InMemoryDeadLetters(Object lock, NavigableMap<JobId, Job> jobs) {
    this.lock = lock;
    this.jobs = jobs;
  }

  void changed(Job before, Transition change) {
    synchronized (lock) {
      FailureKind kind = FailureKind.of(change);
      if (kind != null) {
        if (!groups.containsKey(kind.id()) && groups.size() >= MOST) {
          kind = kind.others();
        }
        Instant now = change.after().updatedAt();
        DeadGroup group =
            groups.getOrDefault(
                kind.id(),
                new DeadGroup(
                    kind.id(), kind, DeadStatus.OPEN, 0, now, now, null, null, null, null));
        groups.put(
            kind.id(),
            group.status() == DeadStatus.RESOLVED ? opened(group, now) : seen(group, now));
        placed.put(before.id(), kind.id());
      } else if (before.state() == JobState.FAILED && change.after().state() != JobState.FAILED) {
        placed.remove(before.id());
      }
    }
  }

  void removed(Set<JobId> gone) {
    synchronized (lock) {
      placed.keySet().removeAll(gone);
    }
  }

  private static DeadGroup seen(DeadGroup of, Instant now) {
    return with(of, of.status(), now, of.note(), of.by(), of.statusAt());
  }

  private static DeadGroup opened(DeadGroup of, Instant now) {
    return with(of, DeadStatus.OPEN, now, of.note(), null, now);
  }

  private static DeadGroup with(
      DeadGroup of,
      DeadStatus status,
      Instant seen,
      @Nullable String note,
      @Nullable String by,
      @Nullable Instant at) {
    Instant last = seen.isAfter(of.lastSeen()) ? seen : of.lastSeen();
    return new DeadGroup(of.id(), of.kind(), status, 0, of.firstSeen(), last, null, note, by, at);
  }

  @Override
  public DeadGroupPage groups(DeadGroupQuery query) {
    synchronized (lock) {
      String after = query.after();
      DeadGroup cursor = after == null ? null : groups.get(after);
      if (after != null && cursor == null) {
        return new DeadGroupPage(List.of(), null);
      }
      var newestFirst = comparing(DeadGroup::firstSeen).thenComparing(DeadGroup::id).reversed();
      List<DeadGroup> found =
          groups.values().stream()
              .filter(group -> query.type() == null || query.type().equals(group.kind().type()))
              .filter(group -> query.status() == null || query.status() == group.status())
              .filter(
                  group ->
                      (query.queue() == null && query.scope().isAll())
                          || !members(group.id(), query.queue(), query.scope()).isEmpty())
              .filter(group -> cursor == null || newestFirst.compare(group, cursor) > 0)
              .sorted(newestFirst)
              .limit(query.limit() + 1L)
              .map(group -> counted(group, query.queue(), query.scope()))
              .toList();
      return found.size() <= query.limit()
          ? new DeadGroupPage(found, null)
          : new DeadGroupPage(found.subList(0, query.limit()), found.get(query.limit() - 1).id());
    }
  }

  private DeadGroup counted(DeadGroup group, @Nullable String queue, Scope scope) {
    List<JobId> all = members(group.id(), null, scope);
    return new DeadGroup(
        group.id(),
        group.kind(),
        group.status(),
        members(group.id(), queue, scope).size(),
        group.firstSeen(),
        group.lastSeen(),
        all.isEmpty() ? null : all.getFirst(),
        group.note(),
        group.by(),
        group.statusAt());
  }

  /** Youngest first. */
  private List<JobId> members(String group, @Nullable String queue, Scope scope) {
    List<JobId> members = new ArrayList<>();
    for (Job job : jobs.descendingMap().values()) {
      if (group.equals(placed.get(job.id()))
          && scope.covers(job.spec())
          && (queue == null || queue.equals(job.spec().queue()))) {
        members.add(job.id());
      }
    }
    return members;
  }

  @Override
  public Optional<DeadGroup> group(String id, Scope scope) {
    synchronized (lock) {
      return Optional.ofNullable(groups.get(id))
          .map(group -> counted(group, null, scope))
          .filter(group -> scope.isAll() || group.count() > 0);
    }
  }

  @Override
  public JobPage jobs(String group, Scope scope, @Nullable JobId after, int limit) {
    synchronized (lock) {
      List<Job> found =
          members(group, null, scope).stream()
              .filter(id -> after == null || id.compareTo(after) < 0)
              .limit(limit + 1L)
              .flatMap(id -> Optional.ofNullable(jobs.get(id)).stream())
              .map(Job::summary)
              .toList();
      return found.size() <= limit
          ? new JobPage(found, null)
          : new JobPage(found.subList(0, limit), found.get(limit - 1).id());
    }
  }

  @Override
  public boolean set(String id, DeadStatus status, @Nullable String note, String by, Instant at) {
    synchronized (lock) {
      DeadGroup group = groups.get(id);
      if (group == null) {
        return false;
      }
      groups.put(id, with(group, status, group.lastSeen(), note, by, at));
      return true;
    }
  }

  @Override
  public int clean(Instant seenBefore, int limit) {
    synchronized (lock) {
      List<String> empty =
          groups.values().stream()
              .filter(group -> group.status() != DeadStatus.IGNORED)
              .filter(group -> group.lastSeen().isBefore(seenBefore))
              .map(DeadGroup::id)
              .filter(id -> !placed.containsValue(id))
              .limit(limit)
              .toList();
      empty.forEach(groups::remove);
      return empty.size();
    }
  }
}
