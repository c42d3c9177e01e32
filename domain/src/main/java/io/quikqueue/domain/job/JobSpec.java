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
 */
public record JobSpec(
    String type,
    String queue,
    String payload,
    int priority,
    @Nullable Instant deadline,
    Policy policy,
    Map<String, String> labels,
    @Nullable String traceparent) {

  public static final String DEFAULT_QUEUE = "default";
  public static final int DEFAULT_PRIORITY = 5;
  public static final int LOWEST_PRIORITY = 9;

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,63}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern LABEL_VALUE = Pattern.compile("\\P{Cntrl}{0,128}");
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int MAX_LABELS = 16;
  private static final String HALF = "must not contain half of a surrogate pair";

  public JobSpec {
    requireType(type);
    requireQueue(queue);
    require(Surrogates.paired(payload), "payload", HALF);
    require(
        priority >= 0 && priority <= LOWEST_PRIORITY,
        "priority",
        "must be from 0 (first) to 9 (last)");
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
  }

  /** A job of this type with everything else as it is by default. */
  public static JobSpec of(String type, String payload) {
    return new JobSpec(
        type, DEFAULT_QUEUE, payload, DEFAULT_PRIORITY, null, Policy.DEFAULT, Map.of(), null);
  }

  /** The same with another payload. */
  JobSpec withPayload(String other) {
    return new JobSpec(type, queue, other, priority, deadline, policy, labels, traceparent);
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

  private static void require(boolean holds, String field, String problem) {
    if (!holds) {
      throw new InvalidFieldException(field, problem);
    }
  }
}
