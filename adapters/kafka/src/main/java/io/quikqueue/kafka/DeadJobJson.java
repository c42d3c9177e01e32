package io.quikqueue.kafka;

import io.quikqueue.domain.port.DeadJob;
import org.jspecify.annotations.Nullable;

/** Writes what others are told of a job that FAILED as a JSON object. */
final class DeadJobJson {

  private final StringBuilder json = new StringBuilder("{");

  private DeadJobJson() {}

  /** {@code {"id", "type", "queue", "error_class", "error", "attempts", "failed_at"}}. */
  static String of(DeadJob job) {
    DeadJobJson writer = new DeadJobJson();
    writer.field("id", job.attempt().job().toString());
    writer.field("type", job.type());
    writer.field("queue", job.queue());
    writer.field("error_class", job.errorClass());
    writer.field("error", job.error());
    writer.json.append("\"attempts\":").append(job.attempt().number()).append(',');
    writer.field("failed_at", job.failedAt().toString());
    writer.json.setCharAt(writer.json.length() - 1, '}');
    return writer.json.toString();
  }

  private void field(String name, @Nullable String value) {
    json.append('"').append(name).append("\":");
    if (value == null) {
      json.append("null");
    } else {
      json.append('"');
      value.chars().forEach(c -> character((char) c));
      json.append('"');
    }
    json.append(',');
  }

  private void character(char c) {
    if (c == '"' || c == '\\') {
      json.append('\\').append(c);
    } else if (c < ' ' || Character.isSurrogate(c)) {
      json.append("\\u%04x".formatted((int) c));
    } else {
      json.append(c);
    }
  }
}
