package io.quikqueue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quikqueue schedule}. */
@Command(name = "schedule", description = "Schedules: when they fire, pause and trigger them.")
final class ScheduleCommands {

  @Command(description = "Lists schedules.")
  void list(@Mixin Common common, @Mixin Page page) {
    common.rows(
        common.service().get(page.of(new Query("/v1/schedules"))),
        "schedules",
        "SCHEDULE=/name",
        "NEXT=/status/next",
        "ZONE=/zone",
        "PAUSED=/paused",
        "STARTED=/status/started",
        "MISSED=/status/missed",
        "SKIPPED=/status/skipped",
        "TYPE=/job/type");
  }

  @Command(description = "Shows when a schedule fires next, in its own zone.")
  void preview(@Mixin Common common, @Parameters(paramLabel = "SCHEDULE") String schedule) {
    common.rows(
        common.service().get(path(schedule) + "/preview"), "times", "AT=/at", "LOCAL=/local");
  }

  @Command(description = "Lets a schedule fire no more.")
  void pause(
      @Mixin Common common,
      @Parameters(paramLabel = "SCHEDULE") String schedule,
      @Option(names = "--note", paramLabel = "TEXT", description = "why, for others to read")
          @Nullable String note) {
    ObjectNode body = Service.JSON.createObjectNode();
    if (note != null) {
      body.put("note", note);
    }
    common.done(common.service().post(path(schedule) + "/pause", body), schedule + " is paused");
  }

  @Command(description = "Lets a schedule fire again.")
  void resume(@Mixin Common common, @Parameters(paramLabel = "SCHEDULE") String schedule) {
    common.done(common.service().post(path(schedule) + "/resume"), schedule + " goes on");
  }

  @Command(description = "Fires a schedule now.")
  void trigger(@Mixin Common common, @Parameters(paramLabel = "SCHEDULE") String schedule) {
    common.done(common.service().post(path(schedule) + "/trigger"), schedule + " was triggered");
  }

  private static String path(String schedule) {
    return "/v1/schedules/" + Service.part(schedule);
  }
}
