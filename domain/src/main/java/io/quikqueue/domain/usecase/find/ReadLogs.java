package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobLogs.Numbered;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import java.util.List;
import java.util.Optional;

/** Reads what attempts of a job have logged. */
public final class ReadLogs {

  private final JobStore store;
  private final JobLogs logs;

  public ReadLogs(JobStore store, JobLogs logs) {
    this.store = store;
    this.logs = logs;
  }

  /**
   * A part of the log of a job.
   *
   * @param lines oldest first
   * @param state of the job before its log was read: when it is over, nothing comes after the lines
   */
  public record Page(List<Numbered> lines, JobState state) {

    /** Whether there is nothing to read yet, and there may be something later. */
    public boolean isAwaited() {
      return lines.isEmpty() && !state.terminal();
    }
  }

  /**
   * Lines of the job that come after one, oldest first; empty = there is no such job.
   *
   * @param after the number of a line; 0 = from the oldest that is kept
   * @param limit lines, at most {@value JobLogs#MOST_LINES}
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Optional<Page> read(Caller caller, JobId id, long after, int limit) {
    JobState state = store.states(List.of(id)).get(id);
    return state == null
        ? Optional.empty()
        : Optional.of(new Page(logs.lines(id, after, limit), state));
  }
}
