package io.quikqueue.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quikqueue job}. */
@Command(name = "job", description = "Jobs: submit, look at, cancel and retry them.")
final class JobCommands {

  private static final String[] FIELDS = {
    "id=/id",
    "state=/state",
    "waits for=/waiting_for",
    "type=/type",
    "queue=/queue",
    "group=/group",
    "priority=/priority",
    "labels=/labels",
    "attempt=/attempt",
    "failures=/failures",
    "crashes=/crashes",
    "progress=/progress/percent",
    "message=/progress/message",
    "note=/note",
    "error=/error",
    "created=/created_at",
    "due=/due_at",
    "started=/started_at",
    "finished=/finished_at",
    "payload=/payload",
    "result=/result"
  };

  @Command(description = "Submits a job and shows its id.")
  int submit(
      @Mixin Common common,
      @Parameters(paramLabel = "TYPE", description = "the handler that runs it") String type,
      @Option(
              names = {"-p", "--payload"},
              paramLabel = "JSON",
              defaultValue = "null",
              description = "the payload; @FILE reads a file, @- the standard input")
          String payload,
      @Option(names = "--queue", paramLabel = "QUEUE") @Nullable String queue,
      @Option(names = "--group", paramLabel = "GROUP") @Nullable String group,
      @Option(names = "--priority", paramLabel = "0-9", description = "0 is first")
          @Nullable Integer priority,
      @Option(names = "--delay", paramLabel = "10s") @Nullable String delay,
      @Option(names = "--timeout", paramLabel = "30s") @Nullable String timeout,
      @Option(names = "--max-attempts", paramLabel = "N") @Nullable Integer maxAttempts,
      @Option(names = "--label", paramLabel = "NAME=VALUE") @Nullable Map<String, String> labels,
      @Option(
              names = "--idempotency-key",
              paramLabel = "KEY",
              description = "sent again with it, no second job is made")
          @Nullable String idempotencyKey,
      @Option(names = "--wait", description = "wait until it ends, and show how") boolean wait) {
    ObjectNode job = Service.JSON.createObjectNode();
    job.put("type", type);
    job.set("payload", json(common, payload));
    put(job, "queue", queue);
    put(job, "group", group);
    put(job, "delay", delay);
    put(job, "timeout", timeout);
    if (priority != null) {
      job.put("priority", priority);
    }
    if (maxAttempts != null) {
      job.putObject("retry").put("max_attempts", maxAttempts);
    }
    if (labels != null) {
      ObjectNode all = job.putObject("labels");
      labels.forEach(all::put);
    }
    String[] headers =
        idempotencyKey == null ? new String[0] : new String[] {"idempotency-key", idempotencyKey};
    Service service = common.service();
    JsonNode submitted = service.post("/v1/jobs", job, headers);
    String id = submitted.path("id").asText();
    if (wait) {
      return new JobWatch(common, service).until(id);
    }
    if (common.isText()) {
      common.out().println(Text.safe(id));
    } else {
      common.show(submitted);
    }
    return 0;
  }

  private static void put(ObjectNode job, String name, @Nullable String value) {
    if (value != null) {
      job.put(name, value);
    }
  }

  private static JsonNode json(Common common, String text) {
    try {
      String source = text;
      if (text.equals("@-")) {
        source = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      } else if (text.startsWith("@")) {
        source = Files.readString(Path.of(text.substring(1)));
      }
      return Service.JSON.readTree(source);
    } catch (JsonProcessingException e) {
      throw common.misused("--payload is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw common.misused("--payload cannot be read from " + text.substring(1));
    }
  }

  @Command(description = "Shows a job.")
  void get(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    common.fields(job(common, id), FIELDS);
  }

  @Command(description = "Says what a job waits for: every check, and the first that holds it.")
  void why(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    JsonNode job = job(common, id);
    if (!common.isText()) {
      common.show(job.path("waiting"));
      return;
    }
    String reason = Text.of(job.path("waiting_for"));
    String state = Text.of(job.path("state"));
    if (job.path("waiting").isEmpty()) {
      common.out().println("it is " + state + " and waits for nothing");
      return;
    }
    common.out().println(reason.isEmpty() ? "it is " + state + " and next" : reason);
    for (JsonNode check : job.path("waiting")) {
      common
          .out()
          .println(
              "  %s %s"
                  .formatted(
                      check.path("passed").asBoolean() ? "passed" : "held  ",
                      Text.of(check.path("code"))));
    }
  }

  @Command(description = "Lists jobs, the youngest first.")
  void list(
      @Mixin Common common,
      @Option(names = "--state", paramLabel = "STATE") @Nullable String state,
      @Option(names = "--queue", paramLabel = "QUEUE") @Nullable String queue,
      @Option(names = "--type", paramLabel = "TYPE") @Nullable String type,
      @Option(names = "--label", paramLabel = "NAME=VALUE") @Nullable String label,
      @Mixin Page page) {
    Query query =
        new Query("/v1/jobs")
            .with("state", state)
            .with("queue", queue)
            .with("type", type)
            .with("label", label == null ? null : label.replaceFirst("=", ":"));
    common.rows(
        common.service().get(page.of(query)),
        "jobs",
        "ID=/id",
        "STATE=/state",
        "TYPE=/type",
        "QUEUE=/queue",
        "ATTEMPT=/attempt",
        "CREATED=/created_at",
        "NOTE=/note",
        "ERROR=/error");
  }

  @Command(description = "Follows a job until it ends.")
  int watch(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    return new JobWatch(common, common.service()).until(id);
  }

  @Command(description = "Cancels jobs.")
  void cancel(
      @Mixin Common common, @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids) {
    each(common, ids, "cancel");
  }

  @Command(description = "Runs jobs again that FAILED, or were CANCELLED or EXPIRED.")
  void retry(
      @Mixin Common common, @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids) {
    each(common, ids, "retry");
  }

  private static void each(Common common, List<String> ids, String action) {
    Service service = common.service();
    for (String id : ids) {
      JsonNode job = service.post("/v1/jobs/" + Service.part(id) + "/" + action);
      if (common.isText()) {
        common.out().println(Text.of(job.path("id")) + "  " + Text.of(job.path("state")));
      } else {
        common.show(job);
      }
    }
  }

  @Command(description = "Shows what a job logged.")
  void logs(
      @Mixin Common common,
      @Parameters(paramLabel = "ID") String id,
      @Option(
              names = {"-f", "--follow"},
              description = "until the job ends")
          boolean follow) {
    Service service = common.service();
    String path = "/v1/jobs/" + Service.part(id) + "/logs";
    JsonNode page = service.get(path);
    while (true) {
      if (common.isText()) {
        for (JsonNode line : page.path("lines")) {
          common.out().println(Text.of(line.path("at")) + "  " + Text.of(line.path("text")));
        }
      } else {
        common.show(page);
      }
      boolean isLast = page.path("lines").isEmpty();
      if (isLast && (!follow || JobWatch.isOver(page.path("state").asText()))) {
        return;
      }
      Query more = new Query(path).with("after", page.path("next").asText());
      page = service.get(more.with("wait", follow ? "20s" : null).toString());
    }
  }

  private static JsonNode job(Common common, String id) {
    return common.service().get("/v1/jobs/" + Service.part(id));
  }
}
