package io.quikqueue.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quikqueue stats}. */
@Command(
    name = "stats",
    description = "What came, ended and failed lately, and how long it waited and ran.")
final class StatsCommand implements Runnable {

  @Mixin private Common common = new Common();

  @Option(names = "--range", paramLabel = "1h", description = "how far back, at most 3d")
  private @Nullable String range;

  @Option(names = "--queue", paramLabel = "QUEUE", description = "of this queue alone")
  private @Nullable String queue;

  @Option(names = "--type", paramLabel = "TYPE", description = "of this type alone")
  private @Nullable String type;

  @Override
  public void run() {
    if (queue != null && type != null) {
      throw common.misused("--queue and --type do not go together");
    }
    String path = "/v1/stats";
    if (queue != null) {
      path = "/v1/queues/" + Service.part(queue) + "/stats";
    } else if (type != null) {
      path = "/v1/types/" + Service.part(type) + "/stats";
    }
    common.rows(
        common.service().get(new Query(path).with("range", range).toString()),
        "steps",
        "FROM=/at",
        "SUBMITTED=/submitted",
        "DONE=/done",
        "FAILED ATTEMPTS=/failed_attempts",
        "FAILED=/failed",
        "WAIT P50=/wait_seconds/p50",
        "WAIT P99=/wait_seconds/p99",
        "RUN P50=/run_seconds/p50",
        "RUN P99=/run_seconds/p99");
  }
}
