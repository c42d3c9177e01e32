package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Move;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads which priority or queue jobs are to have; used once. */
final class MoveReader {

  static final String PRIORITY = "priority";
  static final String QUEUE = "queue";

  private @Nullable Integer priority;
  private @Nullable String queue;

  /**
   * Reads a body that has nothing else.
   *
   * @throws ProblemException when it is no such request
   */
  static Move read(String json) {
    MoveReader reader = new MoveReader();
    JsonReader.read(json, Source.START, reader::document);
    Move move = reader.read();
    if (move == null) {
      throw new IllegalStateException("the reader let a missing field pass");
    }
    return move;
  }

  private void document(JsonReader json) throws IOException {
    json.object(
        "",
        name -> {
          switch (name) {
            case PRIORITY -> priority(json);
            case QUEUE -> queue(json);
            default -> json.unknown(name);
          }
        });
    if (!hasPriority() && !hasQueue()) {
      json.error(Problems.invalidValue("body", "must name a priority or a queue"));
    }
  }

  void priority(JsonReader json) throws IOException {
    priority = json.integer(PRIORITY);
    if (priority != null && (priority < 0 || priority > JobSpec.LOWEST_PRIORITY)) {
      json.error(Problems.invalidValue(PRIORITY, "must be from 0 (first) to 9 (last)"));
    }
  }

  void queue(JsonReader json) throws IOException {
    queue = queue(json, QUEUE);
  }

  boolean hasPriority() {
    return priority != null;
  }

  boolean hasQueue() {
    return queue != null;
  }

  /** What was read; null = nothing was. */
  @Nullable Move read() {
    return priority == null && queue == null ? null : new Move(priority, queue);
  }

  /** The name of a queue, which may be missing. */
  static @Nullable String queue(JsonReader json, String field) throws IOException {
    String name = json.string(field);
    try {
      if (name != null) {
        JobSpec.requireQueue(name);
      }
    } catch (InvalidFieldException e) {
      json.error(Problems.invalidValue(field, e.problem()));
    }
    return name;
  }
}
