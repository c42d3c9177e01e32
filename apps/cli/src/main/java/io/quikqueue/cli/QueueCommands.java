package io.quikqueue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quikqueue queue}. */
@Command(name = "queue", description = "Queues: what waits and runs in them, pauses and limits.")
final class QueueCommands {

  @Command(description = "Lists queues in figures.")
  void list(@Mixin Common common) {
    common.rows(
        common.service().get("/v1/queues"),
        "queues",
        "QUEUE=/queue",
        "QUEUED=/jobs/QUEUED",
        "RUNNING=/jobs/RUNNING",
        "SCHEDULED=/jobs/SCHEDULED",
        "RETRYING=/jobs/RETRYING",
        "DONE=/jobs/DONE",
        "FAILED=/jobs/FAILED",
        "IN/S=/in_per_second",
        "OUT/S=/out_per_second",
        "OLDEST S=/oldest_age_seconds",
        "PAUSED=/paused/at");
  }

  @Command(description = "Shows a queue.")
  void show(@Mixin Common common, @Parameters(paramLabel = "QUEUE") String queue) {
    common.fields(
        common.service().get(path(queue)),
        "queue=/queue",
        "waiting=/jobs/WAITING",
        "scheduled=/jobs/SCHEDULED",
        "queued=/jobs/QUEUED",
        "running=/jobs/RUNNING",
        "retrying=/jobs/RETRYING",
        "done=/jobs/DONE",
        "failed=/jobs/FAILED",
        "cancelled=/jobs/CANCELLED",
        "expired=/jobs/EXPIRED",
        "skipped=/jobs/SKIPPED",
        "oldest, s=/oldest_age_seconds",
        "in, 1/s=/in_per_second",
        "out, 1/s=/out_per_second",
        "paused since=/paused/at",
        "paused by=/paused/by",
        "note=/paused/note",
        "limits=/limits");
  }

  @Command(description = "Lets none of its jobs start; what runs goes on.")
  void pause(
      @Mixin Common common,
      @Parameters(paramLabel = "QUEUE") String queue,
      @Option(names = "--note", paramLabel = "TEXT", description = "why, for others to read")
          @Nullable String note) {
    ObjectNode body = Service.JSON.createObjectNode();
    if (note != null) {
      body.put("note", note);
    }
    common.done(common.service().post(path(queue) + "/pause", body), queue + " is paused");
  }

  @Command(description = "Lets its jobs start again.")
  void resume(@Mixin Common common, @Parameters(paramLabel = "QUEUE") String queue) {
    common.done(common.service().post(path(queue) + "/resume"), queue + " goes on");
  }

  @Command(description = "Shows its limits.")
  void limits(@Mixin Common common, @Parameters(paramLabel = "QUEUE") String queue) {
    common.fields(
        common.service().get(path(queue) + "/limits"),
        "concurrency=/concurrency",
        "rate=/rate",
        "concurrency per group=/concurrency_per_group",
        "rate per group=/rate_per_group",
        "max waiting=/max_waiting",
        "max waiting per group=/max_waiting_per_group",
        "on limit=/on_limit",
        "retention=/retention",
        "weights=/weights",
        "changed by=/changed_by",
        "changed at=/changed_at");
  }

  private static String path(String queue) {
    return "/v1/queues/" + Service.part(queue);
  }
}
