package io.quikqueue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quikqueue workflow}. */
@Command(name = "workflow", description = "Workflows: look at, follow and cancel them.")
final class WorkflowCommands {

  private static final Set<String> GOOD = Set.of("DONE", "DONE_WITH_FAILURES");
  private static final String[] FIELDS = {
    "id=/id",
    "name=/name",
    "state=/state",
    "generation=/generation",
    "nodes=/size",
    "waiting=/counts/waiting",
    "active=/counts/active",
    "done=/counts/done",
    "failed=/counts/failed",
    "cancelled=/counts/cancelled",
    "skipped=/counts/skipped",
    "created=/created_at",
    "finished=/finished_at"
  };

  @Command(description = "Lists workflows, the youngest first.")
  void list(
      @Mixin Common common,
      @Option(names = "--state", paramLabel = "STATE") @Nullable String state,
      @Option(names = "--name", paramLabel = "NAME") @Nullable String name,
      @Mixin Page page) {
    Query query = new Query("/v1/workflows").with("state", state).with("name", name);
    common.rows(
        common.service().get(page.of(query)),
        "workflows",
        "ID=/id",
        "STATE=/state",
        "NODES=/size",
        "DONE=/counts/done",
        "FAILED=/counts/failed",
        "CREATED=/created_at",
        "NAME=/name");
  }

  @Command(description = "Shows a workflow and its nodes.")
  void show(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    JsonNode workflow = common.service().get(path(id));
    common.fields(workflow, FIELDS);
    if (common.isText()) {
      common.out().println();
      common.rows(workflow, "nodes", "NODE=/name", "STATE=/state", "NEEDS=/needs", "JOB=/job_id");
    }
  }

  @Command(description = "Waits until a workflow ends.")
  int watch(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    Service service = common.service();
    JsonNode workflow = service.get(path(id));
    while (workflow.path("finished_at").isNull()) {
      workflow = service.get(path(id) + "?wait=20s");
    }
    common.fields(workflow, FIELDS);
    return GOOD.contains(workflow.path("state").asText()) ? 0 : Cli.ENDED_OTHERWISE;
  }

  @Command(description = "Cancels a workflow.")
  void cancel(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    common.fields(common.service().post(path(id) + "/cancel"), FIELDS);
  }

  private static String path(String id) {
    return "/v1/workflows/" + Service.part(id);
  }
}
