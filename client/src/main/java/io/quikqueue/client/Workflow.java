package io.quikqueue.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow to submit: jobs that wait for other jobs and use their results. Immutable; made by a
 * {@link Builder}, or as one of the common shapes.
 */
public final class Workflow {

  private static final String ROOT = "/v1/";

  private final String path;
  private final Map<String, Object> fields;
  private final @Nullable String key;

  private Workflow(String path, Map<String, Object> fields, @Nullable String key) {
    this.path = path;
    this.fields = fields;
    this.key = key;
  }

  /** How what a node needs has to have ended. */
  public enum RunIf {
    ALL_SUCCEEDED,
    NONE_FAILED,
    ALL_FINISHED,
    ANY_SUCCEEDED,
    ANY_FAILED
  }

  /** What a failure means for the other nodes. */
  public enum OnFailure {
    /** What does not need the node that failed goes on. */
    FINISH_BRANCHES,
    /** All that has not ended is cancelled. */
    CANCEL_REST
  }

  /** A workflow of named nodes; {@code name} is for people and for finding it. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** A workflow of named nodes, without a name of its own. */
  public static Builder builder() {
    return new Builder(null);
  }

  /**
   * Jobs that run one after the other; {@code from("previous")} is the result of the one before.
   */
  public static Workflow chain(NewJob... jobs) {
    return shorthand("chains", List.of(jobs), null);
  }

  /** Jobs that run side by side. */
  public static Workflow group(NewJob... jobs) {
    return shorthand("groups", List.of(jobs), null);
  }

  /** Likewise. */
  public static Workflow group(List<NewJob> jobs) {
    return shorthand("groups", jobs, null);
  }

  /**
   * Jobs that run side by side, and one that runs when all have succeeded; for it {@code
   * from("group")} is the list of their results.
   */
  public static Workflow chord(List<NewJob> jobs, NewJob body) {
    return shorthand("chords", jobs, body);
  }

  /**
   * Stands for a result, or for a place in it, in the payload of a job.
   *
   * @param reference such as {@code "fetch.body.url"}
   */
  public static Map<String, String> from(String reference) {
    return Map.of("$from", reference);
  }

  private static Workflow shorthand(String route, List<NewJob> jobs, @Nullable NewJob body) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("jobs", jobs.stream().map(NewJob::fields).toList());
    if (body != null) {
      fields.put("body", body.fields());
    }
    return new Workflow(ROOT + route, fields, null);
  }

  /** The same with a name, for people and for finding it. */
  public Workflow name(String name) {
    return with("name", name);
  }

  /** What a failure means for the other nodes; otherwise {@link OnFailure#FINISH_BRANCHES}. */
  public Workflow onFailure(OnFailure policy) {
    return with("on_failure", policy.name().toLowerCase(Locale.ROOT));
  }

  /**
   * What its nodes have in common: {@code from("context.region")} in a payload is its {@code
   * region}.
   *
   * @param values at most 16 Ki characters as JSON
   */
  public Workflow context(Map<String, ?> values) {
    return with("context", new LinkedHashMap<>(values));
  }

  /**
   * Marks this submit as one and the same however often it is sent, so that the client may repeat
   * it when an answer is lost. 1 to 200 printable ASCII characters.
   */
  public Workflow idempotencyKey(String one) {
    return new Workflow(path, fields, one);
  }

  /** Any other field of the REST API. */
  public Workflow with(String field, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(field, value);
    return new Workflow(path, more, key);
  }

  String path() {
    return path;
  }

  Map<String, Object> fields() {
    return fields;
  }

  @Nullable String key() {
    return key;
  }

  /** A node that is being described. Immutable; each method returns a copy with one thing more. */
  public static final class Node {

    private final Map<String, Object> fields;

    private Node(Map<String, Object> fields) {
      this.fields = fields;
    }

    /**
     * A node.
     *
     * @param name unique in its workflow, 1 to 64 of {@code A-Z a-z 0-9 _ -}
     * @param job what it does; {@linkplain #from references} may stand in its payload
     */
    public static Node of(String name, NewJob job) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", name);
      fields.putAll(job.fields());
      return new Node(fields);
    }

    /** A node that waits for so long, and holds no worker meanwhile. */
    public static Node waiting(String name, Duration time) {
      return waiting(name, Map.of("for", time.toMillis() + "ms"));
    }

    /**
     * A node that waits for a {@linkplain Workflows#signal signal}, whose payload is its result. It
     * fails when none has come in time.
     *
     * @param timeout from when what it needs has ended
     */
    public static Node waitingFor(String name, String signal, Duration timeout) {
      return waiting(name, Map.of("signal", signal, "timeout", timeout.toMillis() + "ms"));
    }

    private static Node waiting(String name, Map<String, Object> wait) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", name);
      fields.put("wait", wait);
      return new Node(fields);
    }

    /** The nodes that have to have ended before it. */
    public Node needs(String... nodes) {
      return with("needs", List.of(nodes));
    }

    /** How they have to have ended; otherwise {@link RunIf#ALL_SUCCEEDED}. */
    public Node runIf(RunIf rule) {
      return with("run_if", rule.name().toLowerCase(Locale.ROOT));
    }

    /** Its failure counts as success for others. */
    public Node optional() {
      return with("optional", true);
    }

    /**
     * It stands for one node for each item of a list, made when the list is known. In its payload
     * {@code from("$item")} is the item, and {@code from("$index")} its place in the list.
     *
     * @param list a reference to it, such as {@code "scan.files"}
     * @param max items that the list may have, 1 to 10,000; the node fails when it has more
     */
    public Node forEach(String list, int max) {
      return with("for_each", from(list)).with("max", max);
    }

    Map<String, Object> fields() {
      return fields;
    }

    /** Any other field of the REST API. */
    public Node with(String field, Object value) {
      Map<String, Object> more = new LinkedHashMap<>(fields);
      more.put(field, value);
      return new Node(more);
    }
  }

  /** Gathers nodes; used by one thread. */
  public static final class Builder {

    private final @Nullable String name;
    private final List<Map<String, Object>> nodes = new ArrayList<>();

    private Builder(@Nullable String name) {
      this.name = name;
    }

    /** A node that runs when those that it needs have succeeded. */
    public Builder node(String called, NewJob job, String... needs) {
      return node(Node.of(called, job).needs(needs));
    }

    /** A node of which there is more to say. */
    public Builder node(Node node) {
      nodes.add(node.fields);
      return this;
    }

    /** What has been gathered. */
    public Workflow build() {
      Map<String, Object> fields = new LinkedHashMap<>();
      if (name != null) {
        fields.put("name", name);
      }
      fields.put("nodes", List.copyOf(nodes));
      return new Workflow(ROOT + "workflows", fields, null);
    }
  }
}
