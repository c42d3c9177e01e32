package io.quikqueue.rest;

import io.quikqueue.domain.limit.Rate;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code {"n", "per", "burst"?}}, of limits and of quotas. */
final class RateReader {

  private final String field;
  private @Nullable Integer tokens;
  private @Nullable Duration per;
  private @Nullable Integer burst;

  private RateReader(String field) {
    this.field = field;
  }

  /** What a field has; null where it has null. */
  static @Nullable RateReader read(JsonReader json, String field) throws IOException {
    if (json.isNull()) {
      return null;
    }
    RateReader reader = new RateReader(field);
    json.object(field, name -> reader.field(json, name));
    return reader;
  }

  private void field(JsonReader json, String name) throws IOException {
    String path = field + "." + name;
    switch (name) {
      case "n" -> tokens = json.integer(path);
      case "per" -> per = json.duration(path);
      case "burst" -> burst = json.integer(path);
      default -> json.unknown(path);
    }
  }

  /** Throws an {@link io.quikqueue.domain.job.InvalidFieldException} when there can be no such. */
  Rate rate() {
    return Rate.of(field, tokens, per, burst);
  }
}
