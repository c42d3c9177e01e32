package io.quikqueue.sql;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * Reads pages of whole jobs: at most 8 MiB of text and one job more in memory, however large the
 * payloads are. The driver hands over row by row, and what does not fit is left for the next page,
 * which asks for no more than fitted last time and four times as much when all of it did.
 */
final class JobPages {

  private static final int MOST_CHARS = 8 << 20;

  private final Dialect dialect;
  private volatile int fitting = 1_000;

  JobPages(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Reads one page; it is empty only when the query finds nothing.
   *
   * @param query with {@code :limit} still to be bound
   * @param chars the length of the texts in a row
   */
  <R> List<R> read(Query query, int limit, RowMapper<R> mapper, ToLongFunction<R> chars) {
    int asked = Math.min(limit, fitting);
    query.bind("limit", asked);
    dialect.readRowByRow(query);
    List<R> page = new ArrayList<>();
    long read = 0;
    try (var rows = query.map(mapper).stream()) {
      for (Iterator<R> each = rows.iterator(); read < MOST_CHARS && each.hasNext(); ) {
        R row = each.next();
        page.add(row);
        read += chars.applyAsLong(row);
      }
    }
    if (read >= MOST_CHARS) {
      fitting = page.size();
    } else if (page.size() == asked) {
      fitting = Math.min(4 * fitting, 1_000);
    }
    return page;
  }
}
