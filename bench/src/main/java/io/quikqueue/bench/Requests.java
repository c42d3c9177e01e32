package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Whole requests as bytes, made once and sent many times: a generator that shares its machine with
 * the server should not spend its time on writing the same text again.
 */
final class Requests {

  /** The bytes of a payload without any text in it. */
  static final int LEAST_PAYLOAD = "{\"data\":\"\"}".length();

  private final Target target;

  Requests(Target target) {
    this.target = target;
  }

  /** A submit of one no-op job. */
  byte[] single(String queue, int payloadBytes) {
    return post("/v1/jobs", noOp(queue, payloadBytes));
  }

  /** A submit of {@code count} no-op jobs. */
  byte[] batch(String queue, int payloadBytes, int count) {
    return post("/v1/jobs/batch", array(noOp(queue, payloadBytes), count));
  }

  /** A submit of {@code count} jobs that each post to an endpoint. */
  byte[] calls(String queue, String url, int bodyBytes, int count) {
    String job =
        "{\"type\":\"http\",\"queue\":\"%s\",\"payload\":{\"url\":\"%s\",\"body\":{\"data\":\"%s\"}}}"
            .formatted(queue, url, "x".repeat(bodyBytes - LEAST_PAYLOAD));
    return post("/v1/jobs/batch", array(job, count));
  }

  /** A submit of {@code count} jobs that each take up a worker's slot for so long. */
  byte[] sleepers(String queue, long millis, int count) {
    String job =
        "{\"type\":\"sleep\",\"queue\":\"%s\",\"priority\":0,\"timeout\":\"%ds\",\"payload\":{\"ms\":%d}}"
            .formatted(queue, millis / 1000 + 60, millis);
    return post("/v1/jobs/batch", array(job, count));
  }

  byte[] get(String path) {
    return (head("GET", path) + "\r\n").getBytes(UTF_8);
  }

  byte[] delete(String path) {
    return (head("DELETE", path) + "\r\n").getBytes(UTF_8);
  }

  private static String noOp(String queue, int payloadBytes) {
    return "{\"type\":\"echo\",\"queue\":\"%s\",\"payload\":{\"data\":\"%s\"}}"
        .formatted(queue, "x".repeat(payloadBytes - LEAST_PAYLOAD));
  }

  private static String array(String job, int count) {
    return "[" + (job + ",").repeat(count - 1) + job + "]";
  }

  private byte[] post(String path, String json) {
    String head =
        head("POST", path)
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(json.getBytes(UTF_8).length);
    return (head + json).getBytes(UTF_8);
  }

  private String head(String method, String path) {
    return "%s %s%s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n"
        .formatted(method, target.path(), path, target.authority());
  }
}
