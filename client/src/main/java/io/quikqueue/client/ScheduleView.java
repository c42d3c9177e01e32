package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schedule.
 *
 * @param next its next fire time; null = none
 * @param fires its last ten, newest first; empty in lists
 * @param json the whole answer, for what this record does not name
 */
public record ScheduleView(
    String name,
    boolean paused,
    @Nullable String note,
    boolean declared,
    @Nullable Instant next,
    long started,
    long missed,
    long skipped,
    List<ScheduleFire> fires,
    JsonNode json) {

  static ScheduleView of(JsonNode json) {
    JsonNode status = json.path("status");
    String next = status.path("next").textValue();
    List<ScheduleFire> fires = new ArrayList<>();
    status.path("fires").forEach(each -> fires.add(ScheduleFire.of(each)));
    return new ScheduleView(
        json.path("name").asText(),
        json.path("paused").asBoolean(),
        json.path("note").textValue(),
        json.path("declared").asBoolean(),
        next == null ? null : Instant.parse(next),
        status.path("started").asLong(),
        status.path("missed").asLong(),
        status.path("skipped").asLong(),
        fires,
        json);
  }
}
