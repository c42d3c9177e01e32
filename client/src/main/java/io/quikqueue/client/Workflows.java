package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.client.Calls.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait for other jobs and use their results. Safe for use by many threads. All methods
 * throw a {@link QuikQueueException}; those that name a workflow that is not there, but for {@link
 * #find}, a {@link QuikQueueException.NotFound}.
 */
public final class Workflows {

  private static final String PATH = "/v1/workflows";
  private static final int PAGE = 500;
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

  private final Calls calls;

  Workflows(Calls calls) {
    this.calls = calls;
  }

  /**
   * Submits a workflow and returns it once all of it is durable. Repeated when the server is away
   * if it has an idempotency key, else sent once.
   */
  public WorkflowView submit(Workflow workflow) {
    String key = workflow.key();
    return WorkflowView.of(
        calls.send(
            new Call("POST", workflow.path(), workflow.fields(), key, Duration.ZERO, key != null)));
  }

  /** The workflow as it is now; empty when there is none of this id. */
  public Optional<WorkflowView> find(UUID id) {
    try {
      return Optional.of(WorkflowView.of(calls.get(path(id) + "?limit=1")));
    } catch (QuikQueueException.NotFound e) {
      return Optional.empty();
    }
  }

  /** All its nodes in their order, up to 10,000. */
  public List<WorkflowNode> nodes(UUID id) {
    List<WorkflowNode> nodes = new ArrayList<>();
    int from = 0;
    while (true) {
      JsonNode page = calls.get(path(id) + "?limit=" + PAGE + "&from=" + from);
      page.path("nodes").forEach(node -> nodes.add(WorkflowNode.of(node)));
      int next = page.path("next").asInt();
      if (next <= from) {
        return nodes;
      }
      from = next;
    }
  }

  /**
   * Up to 500 workflows, the newest first.
   *
   * @param state only those that stand here; null = all
   * @param name only those of this name; null = all
   * @param after only those behind this one; null = from the newest
   */
  public List<WorkflowView> list(
      WorkflowView.@Nullable State state, @Nullable String name, @Nullable UUID after) {
    String query =
        "?limit="
            + PAGE
            + (state == null ? "" : "&state=" + state)
            + (name == null ? "" : "&name=" + Calls.encoded(name))
            + (after == null ? "" : "&after=" + after);
    List<WorkflowView> found = new ArrayList<>();
    calls.get(PATH + query).path("workflows").forEach(each -> found.add(WorkflowView.of(each)));
    return found;
  }

  /**
   * Waits until the workflow is over.
   *
   * @return the workflow; not terminal when the wait was too short
   */
  public WorkflowView await(UUID id, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      Duration poll = left.compareTo(LONGEST_POLL) < 0 ? left : LONGEST_POLL;
      WorkflowView now =
          WorkflowView.of(calls.get(path(id) + "?limit=1&wait=" + poll.toMillis() + "ms", poll));
      if (now.state().terminal() || left.isZero()) {
        return now;
      }
    }
  }

  /**
   * Cancels what has not ended of a workflow.
   *
   * @return the workflow after it; one that has ended stays as it is
   */
  public WorkflowView cancel(UUID id) {
    return WorkflowView.of(calls.send("POST", path(id) + "/cancel", null, true));
  }

  /**
   * Sends a signal to a workflow, for the node that waits for it or will. Repeated when the server
   * is away if it has a key, else sent once.
   *
   * @param name what the node waits for
   * @param payload becomes the result of the node; null = JSON's null
   * @param key marks it as one and the same however often it is sent, 1 to 200 printable ASCII
   *     characters; null = each is another one
   * @throws QuikQueueException.Conflict when the workflow is over, or the key was another signal's
   */
  public SentSignal signal(UUID id, String name, @Nullable Object payload, @Nullable String key) {
    return SentSignal.send(calls, path(id), name, payload, key);
  }

  /** Which nodes of a workflow run again. */
  public enum Mode {
    /** Those that failed, and those that were skipped behind them. */
    FAILED,
    /** These, and all behind them. */
    FAILED_AND_DOWNSTREAM,
    ALL
  }

  /**
   * Runs nodes again of a workflow that has ended; sent once.
   *
   * @param payloads new ones by the names of nodes that run again; the others stay as they were
   * @return the workflow, as a new generation
   * @throws QuikQueueException.Conflict when it has not ended, or no node is to run again
   */
  public WorkflowView retry(UUID id, Mode mode, Map<String, ?> payloads) {
    return retry(id, "mode", mode.name().toLowerCase(Locale.ROOT), payloads);
  }

  /** Likewise, of these nodes and all behind them. */
  public WorkflowView retryFrom(UUID id, List<String> nodes, Map<String, ?> payloads) {
    return retry(id, "from", nodes, payloads);
  }

  private WorkflowView retry(UUID id, String field, Object value, Map<String, ?> payloads) {
    Map<String, Object> fields = Map.of(field, value, "payloads", payloads);
    return WorkflowView.of(calls.send("POST", path(id) + "/retry", fields, false));
  }

  private static String path(UUID id) {
    return PATH + "/" + id;
  }
}
