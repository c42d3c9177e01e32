package io.quikqueue.rest;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.usecase.submit.JobRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a job that a client wants to submit; used once. */
final class JobReader {

  static final String PATH = "/v1/jobs";

  private static final Set<String> NOT_IN_NODES =
      Set.of(UniqueReader.FIELD, "ordering_key", "on_failed_head", "delay", IdempotencyKeys.FIELD);

  private final boolean inBatch;
  private final @Nullable Extra extra;
  private final UniqueReader unique = new UniqueReader();
  private final RetryReader retry = new RetryReader();
  private final CallbackReader callback = new CallbackReader();
  private final Map<String, String> labels = new LinkedHashMap<>(0);
  private @Nullable String type;
  private @Nullable String queue;
  private @Nullable String payload;
  private @Nullable Integer priority;
  private @Nullable String group;
  private @Nullable String orderingKey;
  private HeadRule onFailedHead = HeadRule.CONTINUE;
  private @Nullable Integer cost;
  private @Nullable Instant runAt;
  private @Nullable Duration delay;
  private @Nullable Instant deadline;
  private @Nullable String key;
  private @Nullable Duration timeout;

  private JobReader(boolean inBatch) {
    this(inBatch, null);
  }

  private JobReader(boolean inBatch, @Nullable Extra extra) {
    this.inBatch = inBatch;
    this.extra = extra;
  }

  /** What a client can ask for. */
  private enum HeadRule {
    CONTINUE(OnFailedHead.CONTINUE),
    HOLD(OnFailedHead.HOLD);

    private final OnFailedHead rule;

    HeadRule(OnFailedHead rule) {
      this.rule = rule;
    }
  }

  /** What nodes of workflows have beside the fields of jobs. */
  @FunctionalInterface
  interface Extra {

    /** Consumes the value of a field; false = there is no such field, and nothing was consumed. */
    boolean read(JsonReader json, String name) throws IOException;
  }

  /** A node of a workflow, which is a job that is neither unique nor ordered. Throws likewise. */
  static JobRequest readNode(String json, @Nullable String traceparent, Extra extra) {
    JobReader reader = new JobReader(false, extra);
    JsonReader.read(json, Source.START, reader::document);
    return reader.request(json, null, traceparent);
  }

  /**
   * The body of a request of its own.
   *
   * @param key the Idempotency-Key; null = none was sent
   * @throws ProblemException when it is no such job
   */
  static JobRequest read(String json, @Nullable String key, @Nullable String traceparent) {
    JobReader reader = new JobReader(false);
    JsonReader.read(json, Source.START, reader::document);
    return reader.request(json, key, traceparent);
  }

  /** An item of a batch, which may have its own {@code idempotency_key}. Throws likewise. */
  static JobRequest readItem(String json, Source source, @Nullable String traceparent) {
    JobReader reader = new JobReader(true);
    JsonReader.read(json, source, reader::document);
    return reader.request(json, null, traceparent);
  }

  private void document(JsonReader json) throws IOException {
    json.object("", name -> field(json, name));
    if (type == null) {
      json.missing("type");
    }
    if (payload == null) {
      json.missing("payload");
    }
  }

  private void field(JsonReader json, String name) throws IOException {
    if (extra != null && (NOT_IN_NODES.contains(name) || extra.read(json, name))) {
      if (NOT_IN_NODES.contains(name)) {
        json.unknown(name);
      }
      return;
    }
    switch (name) {
      case "type" -> type = json.string(name);
      case "queue" -> queue = json.string(name);
      case "payload" -> payload = json.raw();
      case "priority" -> priority = json.integer(name);
      case "group" -> group = json.string(name);
      case "ordering_key" -> orderingKey = json.string(name);
      case "on_failed_head" -> onFailedHead = Words.read(json, name, onFailedHead);
      case "cost" -> cost = json.integer(name);
      case "run_at" -> runAt = json.instant(name);
      case "delay" -> delay = json.duration(name);
      case "deadline" -> deadline = json.instant(name);
      case "timeout" -> timeout = json.duration(name);
      case RetryReader.FIELD -> retry.read(json);
      case UniqueReader.FIELD -> unique.read(json);
      case CallbackReader.FIELD -> callback.read(json);
      case "labels" -> json.objectOrNull("labels", label -> label(json, label));
      case IdempotencyKeys.FIELD -> {
        if (inBatch) {
          key = json.string(name);
        } else {
          json.error(Problems.keyInBody(name));
          json.skip();
        }
      }
      default -> json.unknown(name);
    }
  }

  private void label(JsonReader json, String name) throws IOException {
    String field = "labels." + name;
    if (json.isNull()) {
      json.wrongType(field, "a string");
      return;
    }
    String value = json.string(field);
    if (value != null) {
      labels.put(name, value);
    }
  }

  private JobRequest request(
      String json, @Nullable String clientKey, @Nullable String traceparent) {
    RetryOptions options = retry.options();
    String line = queue == null ? JobSpec.DEFAULT_QUEUE : queue;
    JobSpec spec =
        JobSpec.builder(given(type), given(payload))
            .queue(line)
            .priority(priority == null ? JobSpec.DEFAULT_PRIORITY : priority)
            .deadline(deadline)
            .policy(policy(options))
            .labels(labels)
            .traceparent(traceparent)
            .group(group)
            .orderingKey(orderingKey)
            .onFailedHead(onFailedHead.rule)
            .cost(cost == null ? JobSpec.DEFAULT_COST : cost)
            .unique(unique.unique(given(type), line, given(payload)))
            .callback(callback.callback())
            .build();
    IdempotencyKey idempotency =
        inBatch
            ? IdempotencyKeys.ofItem(key, PATH, json)
            : IdempotencyKeys.of(clientKey, PATH, json);
    return new JobRequest(spec, runAt, delay, idempotency, unique.onConflict());
  }

  /** What the job has where neither its type nor its queue has defaults. */
  private Policy policy(RetryOptions options) {
    Policy policy = options.over(Policy.DEFAULT);
    return timeout == null ? policy : policy.withTimeout(timeout);
  }

  private static String given(@Nullable String value) {
    if (value == null) {
      throw new IllegalStateException("the reader let a missing field pass");
    }
    return value;
  }
}
