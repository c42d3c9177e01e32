package io.quikqueue.local;

import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Throttle;
import io.quikqueue.domain.limit.Turns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a queue, which are served in turn. A group at its limit is closed: it is not looked
 * at until one of its attempts ends, or its time comes.
 */
final class GroupLines {

  private final String queue;
  private final Turns turns = new Turns();
  private final Map<String, GroupLine> lines = new HashMap<>();
  private final TreeSet<GroupLine> open = new TreeSet<>(GroupLine.ORDER);
  private final PriorityQueue<Opening> openings =
      new PriorityQueue<>((a, b) -> Long.signum(a.at - b.at));

  /** Jobs of lines that are not open. */
  private int heldBack;

  private record Opening(long at, GroupLine line) {}

  GroupLines(String queue) {
    this.queue = queue;
  }

  void add(Entry entry, boolean first, LimitTable limits) {
    String group = name(entry);
    GroupLine line = lines.get(group);
    if (line == null) {
      line = new GroupLine(group);
      line.place = turns.enter(limits.ofQueue(queue).weight(group));
      lines.put(group, line);
      line.add(entry, first);
      open.add(line);
    } else {
      boolean isOpen = open.remove(line);
      line.add(entry, first);
      if (isOpen) {
        open.add(line);
      } else {
        heldBack++;
        if (line.isHead(entry)) {
          open(line, limits); // it may have less to wait for
        }
      }
    }
  }

  void remove(Entry entry, LimitTable limits) {
    GroupLine line = lines.get(name(entry));
    if (line == null) {
      return;
    }
    boolean isOpen = open.remove(line);
    boolean wasHead = !isOpen && line.isHead(entry);
    int before = line.size();
    line.remove(entry);
    if (!isOpen) {
      heldBack -= before - line.size();
    }
    if (line.isEmpty()) {
      lines.remove(line.group);
    } else if (isOpen) {
      open.add(line);
    } else if (wasHead) {
      open(line, limits); // the next one may have less to wait for
    }
  }

  /** Moves the group of a job that is being taken behind the others. */
  void served(Entry entry, LimitTable limits) {
    GroupLine line = lines.get(name(entry));
    if (line != null) {
      boolean isOpen = open.remove(line);
      line.place = turns.next(line.place, limits.ofQueue(queue).weight(line.group));
      if (isOpen) {
        open.add(line);
      }
    }
  }

  /** The next job; null = there is none that may start. */
  @Nullable Entry best(TakeScope take) {
    for (Opening due = openings.peek();
        due != null && due.at - take.now() <= 0;
        due = openings.peek()) {
      openings.remove();
      due.line.opens = false;
      open(due.line, take.throttle().table());
    }
    Entry found = null;
    List<GroupLine> closed = new ArrayList<>(0);
    for (GroupLine line : open) {
      if (found != null && line.best() >= found.job().spec().priority()) {
        break;
      }
      Entry first = line.first(take::allows);
      if (first == null) {
        continue;
      }
      long wait = take.throttle().waitOfGroup(queue, first.group(), first.cost(), take.now());
      if (wait > 0) {
        take.mayStartIn(wait);
        closed.add(line);
        if (wait != Throttle.UNTIL_ONE_ENDS && !line.opens) {
          line.opens = true;
          openings.add(new Opening(take.now() + wait, line));
        }
      } else if (found == null || first.job().spec().priority() < found.job().spec().priority()) {
        found = first;
      }
    }
    for (GroupLine line : closed) {
      open.remove(line);
      heldBack += line.size();
    }
    Opening next = openings.peek();
    if (next != null) {
      take.mayStartIn(Math.max(1, next.at - take.now()));
    }
    return found;
  }

  /** An attempt of the group has ended, or its limits have changed. */
  void reopen(@Nullable String group, LimitTable limits) {
    GroupLine line = lines.get(group == null ? "" : group);
    if (line != null) {
      open(line, limits);
    }
  }

  void reopenAll(LimitTable limits) {
    openings.forEach(opening -> opening.line.opens = false);
    openings.clear();
    lines.values().forEach(line -> open(line, limits));
  }

  private void open(GroupLine line, LimitTable limits) {
    if (lines.get(line.group) == line && !open.contains(line)) {
      line.place = turns.enter(limits.ofQueue(queue).weight(line.group));
      open.add(line);
      heldBack -= line.size();
    }
  }

  /** The jobs of groups that are closed. */
  int heldBack() {
    return heldBack;
  }

  int jobsOf(String group) {
    GroupLine line = lines.get(group);
    return line == null ? 0 : line.size();
  }

  /**
   * Those of one priority.
   *
   * @param group null = the jobs without one
   */
  int jobsOf(@Nullable String group, int priority) {
    GroupLine line = lines.get(group == null ? "" : group);
    return line == null ? 0 : line.size(priority);
  }

  @Nullable Entry worstOf(String group) {
    GroupLine line = lines.get(group);
    return line == null ? null : line.worst();
  }

  Collection<GroupLine> lines() {
    return lines.values();
  }

  private static String name(Entry entry) {
    String group = entry.group();
    return group == null ? "" : group;
  }
}
