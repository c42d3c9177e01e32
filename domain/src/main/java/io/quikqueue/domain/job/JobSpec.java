package io.quikqueue.domain.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for; never changes after submit.
 *
 * @param type the name of the work, 1 to 64 of {@code A-Z a-z 0-9 _ . -}
 * @param queue the line the job stands in, 1 to 64 of {@code a-z 0-9 _ . -}
 * @param payload JSON text, of whole characters
 * @param priority 0 (first) to 9 (last)
 * @param deadline the job expires when it has not started by then; null = never; cut to
 *     microseconds
 * @param labels up to 16 names with values, for finding jobs again
 * @param traceparent W3C trace context of the submit
 * @param group whose job it is, such as a tenant or a host; 1 to 200 characters, none of them a
 *     control character; the groups of a queue are served in turn
 * @param orderingKey jobs of a queue with the same one run one at a time, in the order of their
 *     submits; written as {@code group}
 * @param onFailedHead what becomes of the line of its ordering key when it is FAILED; jobs without
 *     one have the default
 * @param cost the tokens of a rate that it takes to start, 1 to {@value #MOST_COST}
 * @param owner the id of the caller who submitted it, for whom it counts while it waits; null = it
 *     counts for nobody; set by the server, as {@code group}
 * @param unique what it is the only one of; null = nothing
 * @param callback whom to tell when it has ended; null = nobody
 * @param node which node of which workflow it is; null = none
 * @param countedInGroup whether the store counts it among those of its group that wait, since there
 *     was a limit on them when it was submitted; set by the server
 */
public record JobSpec(
    String type,
    String queue,
    String payload,
    int priority,
    @Nullable Instant deadline,
    Policy policy,
    Map<String, String> labels,
    @Nullable String traceparent,
    @Nullable String group,
    @Nullable String orderingKey,
    OnFailedHead onFailedHead,
    int cost,
    @Nullable String owner,
    @Nullable Unique unique,
    @Nullable Callback callback,
    @Nullable NodeRef node,
    boolean countedInGroup) {

  public static final String DEFAULT_QUEUE = "default";
  public static final int DEFAULT_PRIORITY = 5;
  public static final int LOWEST_PRIORITY = 9;
  public static final int DEFAULT_COST = 1;
  public static final int MOST_COST = 1_000_000;

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,63}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern LABEL_VALUE = Pattern.compile("\\P{Cntrl}{0,128}");
  private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,200}");
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int MAX_LABELS = 16;
  private static final String HALF = "must not contain half of a surrogate pair";

  public JobSpec {
    requireType(type);
    requireQueue(queue);
    require(Surrogates.paired(payload), "payload", HALF);
    requirePriority(priority);
    deadline = deadline == null ? null : deadline.truncatedTo(ChronoUnit.MICROS);
    require(labels.size() <= MAX_LABELS, "labels", "must be at most " + MAX_LABELS);
    labels.forEach(
        (name, value) -> {
          require(
              LABEL.matcher(name).matches(),
              "labels",
              "names must be 1 to 64 of A-Z a-z 0-9 _ . -");
          require(
              LABEL_VALUE.matcher(value).matches(),
              "labels." + name,
              "must be at most 128 characters without control characters");
          require(Surrogates.paired(value), "labels." + name, HALF);
        });
    labels = labels.isEmpty() ? Map.of() : Map.copyOf(labels);
    require(
        traceparent == null || TRACEPARENT.matcher(traceparent).matches(),
        "traceparent",
        "must be a W3C trace context");
    requireGroup(group);
    requireName(orderingKey, "ordering_key");
    require(
        onFailedHead == OnFailedHead.CONTINUE || orderingKey != null,
        "on_failed_head",
        "is for jobs that have an ordering_key");
    requireCost(cost);
    requireName(owner, "owner");
    require(!countedInGroup || group != null, "group", "is what the job counts in");
  }

  /** A job of this type with everything else as it is by default. */
  public static JobSpec of(String type, String payload) {
    return builder(type, payload).build();
  }

  /** A job of this type, to be described further. */
  public static Builder builder(String type, String payload) {
    return new Builder(type, payload);
  }

  /** A copy, to be changed. */
  public Builder toBuilder() {
    return new Builder(type, payload)
        .queue(queue)
        .priority(priority)
        .deadline(deadline)
        .policy(policy)
        .labels(labels)
        .traceparent(traceparent)
        .group(group)
        .orderingKey(orderingKey)
        .onFailedHead(onFailedHead)
        .cost(cost)
        .owner(owner)
        .unique(unique)
        .callback(callback)
        .node(node)
        .countedInGroup(countedInGroup);
  }

  /** This with the payload and the priority of another. */
  public JobSpec replacedBy(JobSpec other) {
    return payload.equals(other.payload) && priority == other.priority
        ? this
        : toBuilder().payload(other.payload).priority(other.priority).build();
  }

  /** This as it counts after a retry by hand: a line that was let pass the job is held again. */
  JobSpec retried() {
    OnFailedHead again = onFailedHead.again();
    return again == onFailedHead ? this : toBuilder().onFailedHead(again).build();
  }

  /** This as it is once someone has let the line pass the job. */
  JobSpec passed() {
    return toBuilder().onFailedHead(OnFailedHead.PASSED).build();
  }

  /**
   * Checks the name of a type.
   *
   * @throws InvalidFieldException naming the field {@code type}
   */
  public static void requireType(String type) {
    require(
        TYPE.matcher(type).matches(),
        "type",
        "must be 1 to 64 of A-Z a-z 0-9 _ . -, and begin with a letter or a digit");
  }

  /**
   * Checks the name of a queue.
   *
   * @throws InvalidFieldException naming the field {@code queue}
   */
  public static void requireQueue(String queue) {
    require(
        QUEUE.matcher(queue).matches(),
        "queue",
        "must be 1 to 64 of a-z 0-9 _ . -, and begin with a letter or a digit");
  }

  static void requirePriority(int priority) {
    require(
        priority >= 0 && priority <= LOWEST_PRIORITY,
        "priority",
        "must be from 0 (first) to 9 (last)");
  }

  /** Whether a job can have this group. */
  public static boolean isGroup(String group) {
    return NAME.matcher(group).matches() && Surrogates.paired(group);
  }

  static void requireGroup(@Nullable String group) {
    requireName(group, "group");
  }

  static void requireCost(int cost) {
    require(cost >= 1 && cost <= MOST_COST, "cost", "must be from 1 to " + MOST_COST);
  }

  private static void requireName(@Nullable String value, String field) {
    if (value != null) {
      require(
          NAME.matcher(value).matches(),
          field,
          "must be 1 to 200 characters without control characters");
      require(Surrogates.paired(value), field, HALF);
    }
  }

  private static void require(boolean holds, String field, String problem) {
    if (!holds) {
      throw new InvalidFieldException(field, problem);
    }
  }

  /** Describes a job; what it does not say is as it is by default. */
  public static final class Builder {

    private String type;
    private String queue = DEFAULT_QUEUE;
    private String payload;
    private int priority = DEFAULT_PRIORITY;
    private @Nullable Instant deadline;
    private Policy policy = Policy.DEFAULT;
    private Map<String, String> labels = Map.of();
    private @Nullable String traceparent;
    private @Nullable String group;
    private @Nullable String orderingKey;
    private OnFailedHead onFailedHead = OnFailedHead.CONTINUE;
    private int cost = DEFAULT_COST;
    private @Nullable String owner;
    private @Nullable Unique unique;
    private @Nullable Callback callback;
    private @Nullable NodeRef node;
    private boolean countedInGroup;

    private Builder(String type, String payload) {
      this.type = type;
      this.payload = payload;
    }

    public Builder type(String value) {
      this.type = value;
      return this;
    }

    public Builder queue(String value) {
      this.queue = value;
      return this;
    }

    public Builder payload(String value) {
      this.payload = value;
      return this;
    }

    public Builder priority(int value) {
      this.priority = value;
      return this;
    }

    public Builder deadline(@Nullable Instant value) {
      this.deadline = value;
      return this;
    }

    public Builder policy(Policy value) {
      this.policy = value;
      return this;
    }

    /** The policy so far. */
    public Policy policy() {
      return policy;
    }

    public Builder labels(Map<String, String> value) {
      this.labels = value;
      return this;
    }

    public Builder traceparent(@Nullable String value) {
      this.traceparent = value;
      return this;
    }

    public Builder group(@Nullable String value) {
      this.group = value;
      return this;
    }

    public Builder orderingKey(@Nullable String value) {
      this.orderingKey = value;
      return this;
    }

    public Builder onFailedHead(OnFailedHead value) {
      this.onFailedHead = value;
      return this;
    }

    public Builder cost(int value) {
      this.cost = value;
      return this;
    }

    public Builder owner(@Nullable String value) {
      this.owner = value;
      return this;
    }

    public Builder unique(@Nullable Unique value) {
      this.unique = value;
      return this;
    }

    public Builder callback(@Nullable Callback value) {
      this.callback = value;
      return this;
    }

    public Builder node(@Nullable NodeRef value) {
      this.node = value;
      return this;
    }

    public Builder countedInGroup(boolean value) {
      this.countedInGroup = value;
      return this;
    }

    /**
     * @throws InvalidFieldException when a field has a value that it cannot have
     */
    public JobSpec build() {
      return new JobSpec(
          type,
          queue,
          payload,
          priority,
          deadline,
          policy,
          labels,
          traceparent,
          group,
          orderingKey,
          onFailedHead,
          cost,
          owner,
          unique,
          callback,
          node,
          countedInGroup);
    }
  }
}
