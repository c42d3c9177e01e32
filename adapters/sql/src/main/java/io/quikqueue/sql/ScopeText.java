package io.quikqueue.sql;

import io.quikqueue.domain.access.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * What the patterns of a {@link Scope} ask of a column, as SQL with places for their texts. Names
 * are ASCII, compared byte by byte.
 */
final class ScopeText {

  /** Behind all characters that a name may have. */
  private static final char BEHIND_ALL = '~';

  private final List<String> names = new ArrayList<>();
  private final List<String> beginnings = new ArrayList<>();
  private final boolean all;
  private final String prefix;

  /**
   * What its queues ask of a column.
   *
   * @param prefix of the places, which no other place has
   */
  static ScopeText ofQueues(Scope scope, String prefix) {
    return new ScopeText(scope.queues(), scope.hasAllQueues(), prefix);
  }

  /** Likewise, of its types. */
  static ScopeText ofTypes(Scope scope, String prefix) {
    return new ScopeText(scope.types(), scope.hasAllTypes(), prefix);
  }

  private ScopeText(Set<String> patterns, boolean all, String prefix) {
    this.prefix = prefix;
    this.all = all;
    for (String pattern : new TreeSet<>(patterns)) {
      if (pattern.endsWith("*")) {
        beginnings.add(pattern.substring(0, pattern.length() - 1));
      } else {
        names.add(pattern);
      }
    }
  }

  /** The condition; true for every row, or none, where there is nothing to compare. */
  String of(String column) {
    if (all) {
      return "1 = 1";
    }
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      conditions.add("%s = :%s_is%d".formatted(column, prefix, i));
    }
    for (int i = 0; i < beginnings.size(); i++) {
      conditions.add(
          "(%1$s >= :%2$s_from%3$d AND %1$s < :%2$s_to%3$d)".formatted(column, prefix, i));
    }
    return conditions.isEmpty() ? "1 = 0" : "(" + String.join(" OR ", conditions) + ")";
  }

  /** Fills the places. */
  <S extends SqlStatement<S>> S bind(S statement) {
    if (!all) {
      for (int i = 0; i < names.size(); i++) {
        statement.bind(prefix + "_is" + i, names.get(i));
      }
      for (int i = 0; i < beginnings.size(); i++) {
        statement.bind(prefix + "_from" + i, beginnings.get(i));
        statement.bind(prefix + "_to" + i, beginnings.get(i) + BEHIND_ALL);
      }
    }
    return statement;
  }
}
