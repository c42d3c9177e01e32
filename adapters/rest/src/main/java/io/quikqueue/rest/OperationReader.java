package io.quikqueue.rest;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.port.JobFilter;
import io.quikqueue.domain.port.Operation.Action;
import io.quikqueue.domain.usecase.operate.ManageOperations;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads which operation to begin; used once. */
final class OperationReader {

  private static final int MAX_TYPE = 64;
  private static final int MAX_LABELS = 16;
  private static final int GROUP_ID = 32;

  private @Nullable Action action;
  private @Nullable JobState state;
  private @Nullable String queue;
  private @Nullable String type;
  private @Nullable String dead;
  private final Map<String, String> labels = new TreeMap<>();
  private boolean hasFilter;
  private boolean dryRun;
  private @Nullable Integer rate;
  private final MoveReader move = new MoveReader();

  private OperationReader() {}

  /** What a request asks for. */
  record Asked(
      Action action, @Nullable Move to, JobFilter filter, boolean dryRun, @Nullable Integer rate) {}

  /**
   * Reads a body.
   *
   * @throws ProblemException when it is no such request
   */
  static Asked read(String json) {
    OperationReader reader = new OperationReader();
    JsonReader.read(json, Source.START, reader::document);
    Action action = reader.action;
    if (action == null) {
      throw new IllegalStateException("the reader let a missing field pass");
    }
    JobFilter filter =
        new JobFilter(reader.state, reader.queue, reader.type, reader.labels, reader.dead);
    return new Asked(action, reader.move.read(), filter, reader.dryRun, reader.rate);
  }

  private void document(JsonReader json) throws IOException {
    json.object(
        "",
        name -> {
          switch (name) {
            case "action" -> action = oneOf(Action.values(), json, name, Words.oneOf(Action.class));
            case "filter" -> {
              hasFilter = true;
              json.objectOrNull(name, field -> filter(json, field));
            }
            case "dry_run" -> dryRun = Boolean.TRUE.equals(json.bool(name));
            case "rate" -> rate = rate(json, name);
            case MoveReader.PRIORITY -> move.priority(json);
            case MoveReader.QUEUE -> move.queue(json);
            default -> json.unknown(name);
          }
        });
    if (action == null) {
      json.missing("action");
    }
    if (!hasFilter) {
      json.missing("filter");
    }
    requireFitting(json, MoveReader.PRIORITY, Action.SET_PRIORITY, move.hasPriority());
    requireFitting(json, MoveReader.QUEUE, Action.MOVE, move.hasQueue());
  }

  /** A field that belongs to one action is there with it, and with no other. */
  private void requireFitting(JsonReader json, String field, Action of, boolean isThere) {
    if (action == of && !isThere) {
      json.missing(field);
    } else if (action != null && action != of && isThere) {
      json.error(Problems.invalidValue(field, "belongs to the action " + of.label()));
    }
  }

  private void filter(JsonReader json, String field) throws IOException {
    String name = "filter." + field;
    switch (field) {
      case "state" ->
          state = oneOf(JobState.values(), json, name, Words.oneOfNames(JobState.class));
      case "queue" -> queue = MoveReader.queue(json, name);
      case "type" -> type = text(json, name, MAX_TYPE);
      case "label" -> labels(json, name);
      case "dead" -> dead = dead(json, name);
      default -> json.unknown(name);
    }
  }

  private static <T extends Enum<T>> @Nullable T oneOf(
      T[] values, JsonReader json, String field, String otherwise) throws IOException {
    String text = json.string(field);
    if (text == null) {
      return null;
    }
    for (T value : values) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    json.error(Problems.invalidValue(field, otherwise));
    return null;
  }

  private static @Nullable Integer rate(JsonReader json, String field) throws IOException {
    Integer rate = json.integer(field);
    if (rate != null && (rate < 1 || rate > ManageOperations.MAX_RATE)) {
      json.error(Problems.invalidValue(field, "must be from 1 to " + ManageOperations.MAX_RATE));
    }
    return rate;
  }

  private static @Nullable String text(JsonReader json, String field, int most) throws IOException {
    String text = json.string(field);
    if (text != null && (text.isEmpty() || text.length() > most)) {
      json.error(Problems.invalidValue(field, "must be 1 to " + most + " characters"));
    }
    return text;
  }

  private static @Nullable String dead(JsonReader json, String field) throws IOException {
    String id = json.string(field);
    if (id != null
        && (id.length() != GROUP_ID || !id.chars().allMatch(OperationReader::isHexDigit))) {
      json.error(Problems.invalidValue(field, "must be the id of a group of GET /v1/dead"));
    }
    return id;
  }

  private static boolean isHexDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  private void labels(JsonReader json, String field) throws IOException {
    List<String> given = json.strings(field, MAX_LABELS);
    if (given == null) {
      return;
    }
    for (String label : given) {
      String problem = JobQueries.problemOfLabel(label);
      int colon = label.indexOf(':');
      if (problem == null
          && labels.put(label.substring(0, colon), label.substring(colon + 1)) != null) {
        problem = "must name each label once";
      }
      if (problem != null) {
        json.error(Problems.invalidValue(field, problem));
        return;
      }
    }
  }
}
