package io.quikqueue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Follows a job until it ends. */
final class JobWatch {

  private static final Set<String> OVER =
      Set.of("DONE", "FAILED", "CANCELLED", "EXPIRED", "SKIPPED");

  /** A second more than nothing to say. */
  private static final String WAIT = "1s";

  private final Common common;
  private final Service service;
  private String last = "";

  JobWatch(Common common, Service service) {
    this.common = common;
    this.service = service;
  }

  static boolean isOver(String state) {
    return OVER.contains(state);
  }

  /** Returns the exit code: 0 when the job is DONE. */
  int until(String id) {
    String path = "/v1/jobs/" + Service.part(id);
    while (true) {
      JsonNode job = service.get(path);
      String state = job.path("state").asText();
      if (isOver(state)) {
        end(job);
        return state.equals("DONE") ? 0 : Cli.ENDED_OTHERWISE;
      }
      tell(job);
      JsonNode unused = service.get(path + "/result?wait=" + WAIT);
    }
  }

  private void tell(JsonNode job) {
    if (!common.isText()) {
      return;
    }
    StringBuilder line = new StringBuilder(Text.of(job.path("state")));
    String reason = Text.of(job.path("waiting_for"));
    if (!reason.isEmpty()) {
      line.append(": ").append(reason);
    }
    JsonNode progress = job.path("progress");
    if (progress.path("percent").isNumber()) {
      line.append("  ").append(progress.path("percent").asInt()).append(" %  ");
      line.append(Text.of(progress.path("message")));
    }
    if (!line.toString().equals(last)) {
      last = line.toString();
      common.out().println(last.stripTrailing());
    }
  }

  private void end(JsonNode job) {
    common.fields(
        job,
        "id=/id",
        "state=/state",
        "attempt=/attempt",
        "note=/note",
        "error=/error",
        "finished=/finished_at",
        "result=/result");
  }
}
