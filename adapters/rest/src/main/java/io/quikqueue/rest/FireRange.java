package io.quikqueue.rest;

import io.quikqueue.domain.schedule.OverlapPolicy;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads which fire times to make up for, and how; used once. */
final class FireRange {

  private @Nullable Instant from;
  private @Nullable Instant to;
  private @Nullable OverlapPolicy overlap;
  private boolean dryRun;

  static FireRange read(String text, boolean backfill) {
    FireRange range = new FireRange();
    JsonReader.read(
        text,
        Source.START,
        json -> {
          json.object("", name -> range.field(json, name, backfill));
          if (backfill && range.from == null) {
            json.missing("from");
          }
          if (backfill && range.to == null) {
            json.missing("to");
          }
        });
    return range;
  }

  private void field(JsonReader json, String name, boolean backfill) throws IOException {
    if (name.equals("overlap")) {
      overlap = Words.read(json, name, OverlapPolicy.class);
    } else if (backfill && name.equals("from")) {
      from = json.instant(name);
    } else if (backfill && name.equals("to")) {
      to = json.instant(name);
    } else if (backfill && name.equals("dry_run")) {
      dryRun = Boolean.TRUE.equals(json.bool(name));
    } else {
      json.unknown(name);
    }
  }

  Instant from() {
    return given(from);
  }

  Instant to() {
    return given(to);
  }

  @Nullable OverlapPolicy overlap() {
    return overlap;
  }

  boolean dryRun() {
    return dryRun;
  }

  private static Instant given(@Nullable Instant time) {
    if (time == null) {
      throw new IllegalStateException("the reader let a missing time pass");
    }
    return time;
  }
}
