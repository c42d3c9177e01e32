package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.LogLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Lines that an attempt has logged and that are not stored yet; no more than are kept of a job, and
 * the oldest go. Safe for use by several threads.
 */
final class PendingLines {

  private final Deque<LogLine> lines = new ArrayDeque<>();
  private long bytes;

  synchronized void add(LogLine line) {
    lines.addLast(line);
    bytes += size(line);
    while (lines.size() > JobLogs.MOST_LINES || bytes > JobLogs.MOST_BYTES) {
      bytes -= size(lines.removeFirst());
    }
  }

  /** The oldest lines, which stay here until they are {@link #stored}. */
  synchronized List<LogLine> first(int most) {
    List<LogLine> first = new ArrayList<>(Math.min(most, lines.size()));
    Iterator<LogLine> each = lines.iterator();
    while (first.size() < most && each.hasNext()) {
      first.add(each.next());
    }
    return first;
  }

  /** Lets lines go that were the first; some may have gone since. */
  synchronized void stored(List<LogLine> first) {
    for (LogLine line : first) {
      if (lines.peekFirst() == line) {
        bytes -= size(lines.removeFirst());
      }
    }
  }

  synchronized boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Of memory, about; characters beyond Latin take more, in the store too. */
  private static int size(LogLine line) {
    return line.text().length();
  }
}
