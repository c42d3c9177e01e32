package io.quikqueue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quikqueue worker}. */
@Command(name = "worker", description = "Workers: what they run, drain and resume them.")
final class WorkerCommands {

  @Command(description = "Lists living workers.")
  void list(@Mixin Common common) {
    common.rows(
        common.service().get("/v1/workers"),
        "workers",
        "WORKER=/id",
        "STATE=/state",
        "BUSY=/busy",
        "SLOTS=/slots",
        "QUEUES=/queues",
        "SEEN=/seen_at",
        "TYPES=/types");
  }

  @Command(description = "Lets a worker take no more jobs; what runs goes on.")
  void drain(
      @Mixin Common common,
      @Parameters(paramLabel = "WORKER") String worker,
      @Option(names = "--note", paramLabel = "TEXT", description = "why, for others to read")
          @Nullable String note) {
    ObjectNode body = Service.JSON.createObjectNode();
    if (note != null) {
      body.put("note", note);
    }
    common.done(
        common.service().post("/v1/workers/" + Service.part(worker) + "/drain", body),
        worker + " drains");
  }

  @Command(description = "Lets a worker take jobs again.")
  void resume(@Mixin Common common, @Parameters(paramLabel = "WORKER") String worker) {
    common.done(
        common.service().post("/v1/workers/" + Service.part(worker) + "/resume"),
        worker + " goes on");
  }
}
