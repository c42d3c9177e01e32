package io.quikqueue.rest;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.JobSpec;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads {@code for_each} and {@code max} of a node of a workflow; used once. */
final class ForEachReader {

  static final String FIELD = "for_each";
  static final String MAX = "max";

  private static final String FROM = "$from";

  private @Nullable String list;
  private @Nullable Integer max;

  /** {@code for_each}, an object with a reference to a list. */
  void list(JsonReader json) throws IOException {
    if (!json.isObject()) {
      json.wrongType(FIELD, "an object with $from");
      return;
    }
    String raw = json.raw();
    try {
      JsonReader.read(
          raw,
          Source.START,
          inner -> {
            inner.object(
                "",
                name -> {
                  if (name.equals(FROM)) {
                    list = inner.string(name);
                  } else {
                    inner.unknown(name);
                  }
                });
            if (list == null) {
              inner.missing(FROM);
            }
          });
    } catch (ProblemException e) {
      throw new ProblemException(e.problem().under(FIELD));
    }
  }

  /** {@code max}. */
  void max(JsonReader json) throws IOException {
    max = json.integer(MAX);
    if (max != null && (max < 1 || max > ForEach.MOST)) {
      json.error(Problems.invalidValue(MAX, "must be 1 to 10,000"));
    }
  }

  /**
   * Refuses what cannot be given with it.
   *
   * @param waits whether the node waits instead of running
   */
  void check(JobSpec job, boolean waits) {
    if (list == null && max != null) {
      throw ShorthandReferences.refused(MAX, "is for nodes with for_each");
    }
    if (list != null && waits) {
      throw ShorthandReferences.refused(FIELD, "cannot be given together with wait");
    }
    if (list != null && job.callback() != null) {
      throw ShorthandReferences.refused("callback", "cannot be given together with for_each");
    }
  }

  /** Null = the node is for no items. */
  @Nullable ForEach forEach(boolean optional) {
    return list == null ? null : new ForEach(list, max == null ? ForEach.USUAL : max, optional);
  }
}
