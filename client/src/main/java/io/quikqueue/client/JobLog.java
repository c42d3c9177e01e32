package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of what the attempts of a job have logged.
 *
 * @param state of the job; when it is over, no more lines come
 * @param lines oldest first
 * @param next what to ask for as {@code after} next time
 */
public record JobLog(JobView.State state, List<Line> lines, long next) {

  /**
   * A line.
   *
   * @param number counts the lines of the job from 1, those included that are gone
   */
  public record Line(long number, int attempt, Instant at, String text) {}

  static JobLog of(JsonNode json) {
    List<Line> lines = new ArrayList<>();
    for (JsonNode line : json.path("lines")) {
      lines.add(
          new Line(
              line.path("number").asLong(),
              line.path("attempt").asInt(),
              Instant.parse(line.path("at").asText()),
              line.path("text").asText()));
    }
    return new JobLog(
        JobView.State.valueOf(json.path("state").asText()),
        List.copyOf(lines),
        json.path("next").asLong());
  }
}
