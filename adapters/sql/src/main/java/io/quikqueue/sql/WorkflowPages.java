package io.quikqueue.sql;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowPage;
import io.quikqueue.domain.port.WorkflowQuery;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.WorkflowState;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Pages of workflows, newest first. Within a scope rows are looked at in a few bounded steps: the
 * page ends with them, and the next one goes on there.
 */
final class WorkflowPages {

  private static final String LIST =
      "SELECT "
          + WorkflowColumns.ALL
          + " FROM workflows WHERE id < :before <state> <name> ORDER BY id DESC LIMIT :limit";

  private static final int WINDOW = 1_000;
  private static final int MOST_WINDOWS = 20;

  /** Greater than any id. */
  private static final byte[] TOP = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
  };

  private WorkflowPages() {}

  static WorkflowPage page(Database database, WorkflowQuery query) {
    return database.read(handle -> page(handle, query));
  }

  private static WorkflowPage page(Handle handle, WorkflowQuery query) {
    Scope scope = query.scope();
    List<WorkflowView> found = new ArrayList<>();
    WorkflowId last = query.after();
    int window = query.limit() + 1;
    for (int i = 0; i < (scope.isAll() ? 1 : MOST_WINDOWS); i++) {
      List<WorkflowView> rows = rows(handle, query, last, window);
      for (WorkflowView row : rows) {
        if (row.isWithin(scope)) {
          if (found.size() == query.limit()) {
            return new WorkflowPage(found, found.getLast().id());
          }
          found.add(row);
        }
      }
      if (rows.size() < window) {
        return new WorkflowPage(found, null);
      }
      last = rows.getLast().id();
      window = WINDOW;
    }
    return new WorkflowPage(found, last);
  }

  private static List<WorkflowView> rows(
      Handle handle, WorkflowQuery query, @Nullable WorkflowId before, int limit) {
    WorkflowState state = query.state();
    String name = query.name();
    Query select =
        handle
            .createQuery(LIST)
            .define("state", state == null ? "" : "AND state = " + state.code())
            .define("name", name == null ? "" : "AND name = :name")
            .bind("before", before == null ? TOP : before.bytes())
            .bind("limit", limit);
    if (name != null) {
      select.bind("name", Utf8.of(name));
    }
    return select.map((row, _) -> WorkflowColumns.read(row)).list();
  }
}
