package io.quikqueue.sql;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.NodeResults;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What nodes of workflows resulted in. */
final class WorkflowResults {

  private static final String SELECT_JOBS =
      """
      SELECT name, job_id FROM workflow_nodes
      WHERE workflow_id = ? AND state = ? AND name IN (%s)\
      """;

  /** Jobs whose results are read at once. */
  private static final int AT_ONCE = 16;

  private final Database database;
  private final SqlJobStore jobs;

  WorkflowResults(Database database, SqlJobStore jobs) {
    this.database = database;
    this.jobs = jobs;
  }

  /** See {@link io.quikqueue.domain.port.Workflows#results}. */
  @Nullable NodeResults of(WorkflowId id, Collection<String> names, long mostChars) {
    Map<JobId, String> succeeded = database.read(handle -> succeeded(handle, id, names));
    Map<String, String> results = new HashMap<>();
    Map<String, String> missing = new HashMap<>(0);
    Map<String, Integer> lists = new HashMap<>(0);
    succeeded.values().forEach(name -> missing.put(name, NodeResults.DELETED));
    List<JobId> ids = Ids.sorted(succeeded.keySet());
    long chars = 0;
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      for (Job job : jobs.find(ids.subList(from, Math.min(from + AT_ONCE, ids.size()))).values()) {
        String name = String.valueOf(succeeded.get(job.id()));
        String result = job.result();
        if (result == null) {
          missing.put(name, NodeResults.NONE);
          continue;
        }
        NodeRef node = job.spec().node();
        // One that cannot be opened here is told as it is: who refers to it waits for its key.
        if (node != null && node.forEach() != null && !SealedText.isSealed(result)) {
          missing.remove(name);
          lists.put(name, ForEach.count(result));
          continue;
        }
        chars += result.length();
        if (chars > mostChars) {
          return null;
        }
        missing.remove(name);
        results.put(name, result);
      }
    }
    return new NodeResults(results, missing, lists);
  }

  private static Map<JobId, String> succeeded(
      Handle handle, WorkflowId id, Collection<String> names) throws SQLException {
    Map<JobId, String> found = new HashMap<>();
    List<String> all = List.copyOf(names);
    for (int from = 0; from < all.size(); from += 512) {
      List<String> part = all.subList(from, Math.min(from + 512, all.size()));
      try (var select =
          handle
              .getConnection()
              .prepareStatement(SELECT_JOBS.formatted(MultiRow.marks(part.size())))) {
        select.setBytes(1, id.bytes());
        select.setInt(2, JobState.DONE.code());
        for (int i = 0; i < MultiRow.padded(part.size()); i++) {
          select.setBytes(i + 3, Utf8.of(part.get(Math.min(i, part.size() - 1))));
        }
        try (var row = select.executeQuery()) {
          while (row.next()) {
            found.put(JobId.of(row.getBytes(2)), String.valueOf(JobTexts.readBytes(row, 1)));
          }
        }
      }
    }
    return found;
  }
}
