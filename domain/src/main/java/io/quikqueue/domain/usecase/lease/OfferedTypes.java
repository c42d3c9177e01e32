package io.quikqueue.domain.usecase.lease;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What living workers outside this program take.
 *
 * @param types the types that they name
 * @param all whether one of them takes every type
 */
public record OfferedTypes(Set<String> types, boolean all) {

  public static final OfferedTypes NONE = new OfferedTypes(Set.of(), false);

  public OfferedTypes {
    types = Set.copyOf(types);
  }

  static OfferedTypes of(Collection<KnownWorker> workers) {
    Set<String> types = new TreeSet<>();
    boolean all = false;
    for (KnownWorker worker : workers) {
      types.addAll(worker.types());
      all |= worker.takesAll();
    }
    return new OfferedTypes(types, all);
  }
}
