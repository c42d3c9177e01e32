package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.LogLine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Stores what attempts have logged, some lines of each in turn. */
final class LogWriter {

  private static final int MOST_LINES = 1_000;
  private static final int LINES_OF_ATTEMPT = 250;
  private static final int ROUNDS = JobLogs.MOST_LINES / LINES_OF_ATTEMPT;

  private final JobLogs logs;

  LogWriter(JobLogs logs) {
    this.logs = logs;
  }

  /** See {@link AttemptLifecycle#writeLogs}. */
  void write(Collection<ActiveAttempt> attempts) {
    for (int round = 0; round < ROUNDS; round++) {
      Part part = new Part();
      for (ActiveAttempt attempt : attempts) {
        List<LogLine> lines = attempt.unstoredLines(LINES_OF_ATTEMPT);
        if (part.lines.size() + lines.size() > MOST_LINES) {
          part.store();
        }
        part.add(attempt, lines);
      }
      if (!part.store()) {
        return;
      }
    }
  }

  /** What goes into one transaction. */
  private final class Part {

    private final List<LogLine> lines = new ArrayList<>();
    private final List<Runnable> stored = new ArrayList<>();
    private boolean any;

    private void add(ActiveAttempt attempt, List<LogLine> its) {
      if (!its.isEmpty()) {
        lines.addAll(its);
        stored.add(() -> attempt.linesStored(its));
      }
    }

    /** Returns whether there were any lines since this began. */
    private boolean store() {
      if (!lines.isEmpty()) {
        any = true;
        logs.append(List.copyOf(lines));
        stored.forEach(Runnable::run);
        lines.clear();
        stored.clear();
      }
      return any;
    }
  }
}
