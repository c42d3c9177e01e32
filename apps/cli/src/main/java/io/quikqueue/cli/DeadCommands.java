package io.quikqueue.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quikqueue dead}. */
@Command(name = "dead", description = "Jobs that were given up, by type and error.")
final class DeadCommands {

  @Command(description = "Lists groups of failed jobs.")
  void list(
      @Mixin Common common,
      @Option(names = "--status", paramLabel = "open|resolved|ignored") @Nullable String status,
      @Option(names = "--queue", paramLabel = "QUEUE") @Nullable String queue,
      @Option(names = "--type", paramLabel = "TYPE") @Nullable String type,
      @Mixin Page page) {
    Query query =
        new Query("/v1/dead").with("status", status).with("queue", queue).with("type", type);
    common.rows(
        common.service().get(page.of(query)),
        "groups",
        "GROUP=/id",
        "STATUS=/status",
        "JOBS=/count",
        "TYPE=/type",
        "LAST=/last_seen_at",
        "ERROR=/message");
  }
}
