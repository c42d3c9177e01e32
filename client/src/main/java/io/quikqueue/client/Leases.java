package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.client.Calls.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * For a program that runs jobs itself: it leases them, keeps the leases by heartbeats, and says
 * what came out. Safe for use by many threads. All methods throw a {@link QuikQueueException};
 * those about a lease that is over a {@link QuikQueueException.Conflict}.
 */
public final class Leases {

  private final Calls calls;

  Leases(Calls calls) {
    this.calls = calls;
  }

  /**
   * Leases jobs of a queue; sent once, since leases whose answer is lost are lost too.
   *
   * @return none when none came in time
   */
  public List<LeasedJob> lease(String queue, LeaseRequest request) {
    JsonNode answer =
        calls.send(
            new Call(
                "POST",
                "/v1/queues/" + queue + "/lease",
                request.fields(),
                null,
                request.patience(),
                false));
    List<LeasedJob> jobs = new ArrayList<>();
    answer.path("leases").forEach(lease -> jobs.add(LeasedJob.of(lease)));
    return jobs;
  }

  /**
   * Renews a lease, for as long as it was made for.
   *
   * @return why the program has to stop, {@code cancelled} or {@code lost}; empty = it goes on
   */
  public Optional<String> heartbeat(LeasedJob job) {
    JsonNode stop = report(job, "heartbeat", Map.of(), true).path("stop");
    return stop.isTextual() ? Optional.of(stop.asText()) : Optional.empty();
  }

  /**
   * The job is done; repeated when the server is away.
   *
   * @param result anything that can be written as JSON; null = none
   * @param note a short summary for people; null = none
   */
  public void complete(LeasedJob job, @Nullable Object result, @Nullable String note) {
    complete(job, result, note, List.of());
  }

  /**
   * The job, a node of a workflow, is done and adds nodes to it, once however often it is repeated;
   * who needs the node waits for them too. When one is refused the lease goes on.
   *
   * @param nodes at most 1,000, without needs and {@code run_if}; {@code from(…)} stands for
   *     nothing in their payloads
   */
  public void complete(
      LeasedJob job, @Nullable Object result, @Nullable String note, List<Workflow.Node> nodes) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (result != null) {
      fields.put("result", result);
    }
    if (note != null) {
      fields.put("note", note);
    }
    if (!nodes.isEmpty()) {
      fields.put("spawn", nodes.stream().map(Workflow.Node::fields).toList());
    }
    JsonNode unused = report(job, "complete", fields, true);
  }

  /**
   * The attempt failed; repeated when the server is away.
   *
   * @param permanent whether another attempt would be pointless
   * @return where the job stands now: RETRYING or FAILED
   */
  public JobView.State fail(LeasedJob job, String message, boolean permanent) {
    Map<String, Object> fields = Map.of("message", message, "permanent", permanent);
    return JobView.State.valueOf(report(job, "fail", fields, true).path("state").asText());
  }

  /**
   * Logs lines, which are kept with the job; sent once, so that none is there twice.
   *
   * @param lines at most 1,000, of which 2,000 characters each are kept
   */
  public void log(LeasedJob job, List<String> lines) {
    JsonNode unused = report(job, "log", Map.of("lines", lines), false);
  }

  /**
   * Does something once for all attempts of the job: an attempt that comes after this one gets what
   * was kept, and does not do it again. When this program dies before it is kept, the next attempt
   * does it once more.
   *
   * @param name tells it from other steps of the job, 1 to 100 of {@code A-Z a-z 0-9 _ . : -}
   * @param work gives anything that can be written as JSON
   * @return what is kept, as JSON
   */
  public JsonNode step(LeasedJob job, String name, Supplier<?> work) {
    String steps = "/v1/jobs/" + job.id() + "/steps";
    for (JsonNode step : calls.get(steps).path("steps")) {
      if (step.path("name").asText().equals(name) && step.path("kind").asText().equals("result")) {
        return step.path("value");
      }
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("lease", job.lease());
    fields.put("value", work.get());
    return calls.send("PUT", steps + "/" + Calls.encoded(name), fields, true).path("value");
  }

  /**
   * Sleeps without a slot, counted from the first attempt that asked for it; sent once.
   *
   * @param name tells it from other steps of the job
   * @return whether the time has passed; false = the attempt ends here, and another one comes
   */
  public boolean sleep(LeasedJob job, String name, Duration time) {
    return !isSuspended(report(job, "sleep", Map.of("name", name, "for", time.toString()), false));
  }

  /**
   * What became of a wait.
   *
   * @param suspended whether the attempt ends here, and another one comes
   * @param payload of the signal; null = it has not come in time
   */
  public record Wait(boolean suspended, @Nullable JsonNode payload) {}

  /**
   * Waits without a slot for a signal, counted from the first attempt that asked for it; sent once.
   *
   * @param name tells it from other steps of the job
   */
  public Wait waitForSignal(LeasedJob job, String name, String signal, Duration timeout) {
    Map<String, Object> fields =
        Map.of("name", name, "signal", signal, "timeout", timeout.toString());
    JsonNode answer = report(job, "wait", fields, false);
    return new Wait(isSuspended(answer), answer.hasNonNull("value") ? answer.get("value") : null);
  }

  private static boolean isSuspended(JsonNode answer) {
    return answer.has("state");
  }

  /** Gives the job back, for any worker to run; no attempt is used up. */
  public void release(LeasedJob job) {
    JsonNode unused = report(job, "release", Map.of(), false);
  }

  private JsonNode report(
      LeasedJob job, String action, Map<String, Object> fields, boolean repeatable) {
    String path = "/v1/leases/" + job.lease() + "/" + action;
    return calls.send("POST", path, fields, repeatable);
  }
}
