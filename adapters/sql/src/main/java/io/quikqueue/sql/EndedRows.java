package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.EndedJobs;
import io.quikqueue.sql.StateWalk.Look;
import io.quikqueue.sql.StateWalk.Range;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks for jobs of a queue that have ended and may be deleted. */
final class EndedRows {

  private final Database database;

  EndedRows(Database database) {
    this.database = database;
  }

  EndedJobs oldest(String queue, JobState state, @Nullable JobId after, Instant before, int limit) {
    byte[] above = after == null ? StateWalk.BOTTOM : after.bytes();
    return find(queue, state, new Range(above, JobIds.floor(before).bytes(), false), limit);
  }

  EndedJobs newest(String queue, JobState state, @Nullable JobId before, int limit) {
    byte[] below = before == null ? StateWalk.TOP : before.bytes();
    return find(queue, state, new Range(StateWalk.BOTTOM, below, true), limit);
  }

  private EndedJobs find(String queue, JobState state, Range range, int limit) {
    String index = database.dialect().indexOfEnded(state);
    String and = state == JobState.FAILED ? HeldLines.NONE : "";
    StateWalk walk = new StateWalk(state, index, and, Map.of());
    Look look = database.read(handle -> walk.look(handle, queue, range, limit));
    return new EndedJobs(look.found(), look.next());
  }
}
