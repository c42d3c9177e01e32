package io.quikqueue.domain.callback;

import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Job;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the payload of a callback: {@code {"url", "event": {"type", "timestamp", "data"}}}, of
 * which {@code event} is the body of the call.
 */
final class CallbackPayload {

  /** The longest result that an event has, in bytes of UTF-8; of a longer one it has the link. */
  static final int MOST_RESULT = 64 << 10;

  private static final HexFormat HEX = HexFormat.of();

  private final StringBuilder json = new StringBuilder(512);

  private CallbackPayload() {}

  static String of(String url, Job ended) {
    CallbackPayload payload = new CallbackPayload();
    payload.write(url, ended);
    return payload.json.toString();
  }

  private void write(String url, Job job) {
    json.append('{');
    text("url", url);
    json.append(",\"event\":{");
    text("type", "job." + Callback.name(job.state()));
    json.append(',');
    time("timestamp", job.finishedAt());
    json.append(",\"data\":{");
    text("id", job.id().toString());
    json.append(',');
    text("type", job.spec().type());
    json.append(',');
    text("queue", job.spec().queue());
    json.append(',');
    text("state", job.state().name());
    json.append(',');
    name("attempt");
    json.append(job.attempt()).append(',');
    labels(job.spec().labels());
    json.append(',');
    time("created_at", job.createdAt());
    json.append(',');
    time("finished_at", job.finishedAt());
    json.append(',');
    text("note", job.note());
    json.append(',');
    text("error", job.error());
    json.append(',');
    result(job);
    json.append(',');
    text("link", link(job));
    json.append("}}}");
  }

  private void result(Job job) {
    String result = job.result();
    boolean large = result != null && exceeds(result);
    name("result");
    json.append(result == null || large ? "null" : result);
    if (large) {
      json.append(',');
      text("result_link", link(job) + "/result");
    }
  }

  private static boolean exceeds(String result) {
    return result.length() > MOST_RESULT
        || (result.length() > MOST_RESULT / 3 // a character takes at most three bytes
            && result.getBytes(StandardCharsets.UTF_8).length > MOST_RESULT);
  }

  private static String link(Job job) {
    return "/v1/jobs/" + job.id();
  }

  private void labels(Map<String, String> labels) {
    name("labels");
    json.append('{');
    String comma = "";
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      json.append(comma);
      text(label.getKey(), label.getValue());
      comma = ",";
    }
    json.append('}');
  }

  private void time(String name, @Nullable Instant value) {
    text(name, value == null ? null : value.toString());
  }

  private void name(String name) {
    quoted(name);
    json.append(':');
  }

  private void text(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      json.append("null");
    } else {
      quoted(value);
    }
  }

  private void quoted(String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u").append(HEX.toHexDigits(c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
