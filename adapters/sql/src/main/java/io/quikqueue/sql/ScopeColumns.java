package io.quikqueue.sql;

import io.quikqueue.domain.access.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Scope} as two columns of a row.
 *
 * @param queues its patterns of queues; null for all jobs
 * @param types its patterns of types; null for all jobs
 */
record ScopeColumns(@Nullable String queues, @Nullable String types) {

  private static final ScopeColumns ALL = new ScopeColumns(null, null);

  static ScopeColumns of(Scope scope) {
    return scope.isAll()
        ? ALL
        : new ScopeColumns(Scope.text(scope.queues()), Scope.text(scope.types()));
  }

  /**
   * The scope of a row.
   *
   * @param absent what the row means when it has none
   */
  Scope scope(Scope absent) {
    return queues == null || types == null ? absent : Scope.parse(queues, types);
  }
}
