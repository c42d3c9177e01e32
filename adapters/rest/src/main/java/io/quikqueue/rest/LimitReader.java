package io.quikqueue.rest;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.limit.Retention;
import io.quikqueue.domain.limit.Retention.Keep;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the limits that a client wants to set; used once. */
final class LimitReader {

  private final Map<String, Integer> weights = new HashMap<>();
  private @Nullable Integer concurrency;
  private @Nullable Integer concurrencyPerGroup;
  private @Nullable RateReader rate;
  private @Nullable RateReader ratePerGroup;
  private @Nullable Integer maxWaiting;
  private @Nullable Integer maxWaitingPerGroup;
  private OnLimit onLimit = OnLimit.WAIT;
  private final Map<JobState, Keep> kept = new EnumMap<>(JobState.class);

  private LimitReader() {}

  /**
   * Reads a body.
   *
   * @throws ProblemException when it has no limits
   * @throws io.quikqueue.domain.job.InvalidFieldException when one is out of range
   */
  static Limits read(String json) {
    LimitReader reader = new LimitReader();
    JsonReader.read(
        json, Source.START, document -> document.object("", name -> reader.field(document, name)));
    return reader.limits();
  }

  private void field(JsonReader json, String name) throws IOException {
    switch (name) {
      case "concurrency" -> concurrency = json.integer(name);
      case "concurrency_per_group" -> concurrencyPerGroup = json.integer(name);
      case "rate" -> rate = RateReader.read(json, name);
      case "rate_per_group" -> ratePerGroup = RateReader.read(json, name);
      case "max_waiting" -> maxWaiting = json.integer(name);
      case "max_waiting_per_group" -> maxWaitingPerGroup = json.integer(name);
      case "on_limit" -> onLimit = Words.read(json, name, onLimit);
      case "retention" -> json.objectOrNull(name, state -> retention(json, state));
      case "weights" -> json.objectOrNull(name, group -> weight(json, group));
      case "declared", "changed_by", "changed_at" -> json.skip(); // what was read is sent back
      default -> json.unknown(name);
    }
  }

  private void retention(JsonReader json, String name) throws IOException {
    String field = "retention." + name;
    JobState state = null;
    for (JobState each : JobState.values()) {
      if (each.terminal() && Words.of(each).equals(name)) {
        state = each;
      }
    }
    if (state == null) {
      json.unknown(field);
    } else if (!json.isNull()) {
      KeepReader reader = new KeepReader();
      json.object(field, part -> reader.field(json, field + "." + part, part));
      kept.put(state, new Keep(reader.age, reader.count));
    }
  }

  private static final class KeepReader {

    private @Nullable Duration age;
    private @Nullable Integer count;

    void field(JsonReader json, String path, String name) throws IOException {
      switch (name) {
        case "age" -> age = json.duration(path);
        case "count" -> count = json.integer(path);
        default -> json.unknown(path);
      }
    }
  }

  private void weight(JsonReader json, String group) throws IOException {
    String field = "weights." + group;
    if (json.isNull()) {
      json.wrongType(field, "a whole number");
      return;
    }
    Integer weight = json.integer(field);
    if (weight != null) {
      weights.put(group, weight);
    }
  }

  private Limits limits() {
    return new Limits(
        concurrency,
        concurrencyPerGroup,
        rate == null ? null : rate.rate(),
        ratePerGroup == null ? null : ratePerGroup.rate(),
        maxWaiting,
        maxWaitingPerGroup,
        onLimit,
        new Retention(kept),
        weights);
  }
}
