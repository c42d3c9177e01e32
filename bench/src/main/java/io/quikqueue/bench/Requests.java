package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whole requests as bytes, made once and sent many times: a generator that shares its machine with
 * the server should not spend its time on writing the same text again.
 */
final class Requests {

  /** The bytes of a payload without any text in it. */
  static final int LEAST_PAYLOAD = "{\"data\":\"\"}".length();

  private final Target target;
  private final int groups;

  /**
   * @param groups how many groups the no-op jobs are of, in turn; 0 = none
   */
  Requests(Target target, int groups) {
    this.target = target;
    this.groups = groups;
  }

  /** Submits of one no-op job, to be sent in turn: one for each group. */
  List<byte[]> singles(String queue, int payloadBytes) {
    return IntStream.range(0, Math.max(1, groups))
        .mapToObj(group -> post("/v1/jobs", noOp(queue, payloadBytes, group)))
        .toList();
  }

  /** Submits of {@code count} no-op jobs, to be sent in turn: as many as the groups take. */
  List<byte[]> batches(String queue, int payloadBytes, int count) {
    return IntStream.range(0, Math.max(1, (groups + count - 1) / count))
        .mapToObj(
            batch ->
                IntStream.range(0, count)
                    .mapToObj(
                        i -> noOp(queue, payloadBytes, (batch * count + i) % Math.max(1, groups)))
                    .collect(Collectors.joining(",", "[", "]")))
        .map(json -> post("/v1/jobs/batch", json))
        .toList();
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

  /** A workflow of no-op jobs, each of which needs the one before. */
  byte[] chain(String queue, int payloadBytes, int nodes) {
    return post(
        "/v1/chains",
        IntStream.range(0, nodes)
            .mapToObj(_ -> noOp(queue, payloadBytes, 0))
            .collect(Collectors.joining(",", "{\"jobs\":[", "]}")));
  }

  byte[] get(String path) {
    return (head("GET", path) + "\r\n").getBytes(UTF_8);
  }

  byte[] delete(String path) {
    return (head("DELETE", path) + "\r\n").getBytes(UTF_8);
  }

  private String noOp(String queue, int payloadBytes, int group) {
    return "{\"type\":\"echo\",\"queue\":\"%s\"%s,\"payload\":{\"data\":\"%s\"}}"
        .formatted(
            queue,
            groups == 0 ? "" : ",\"group\":\"g" + group + '"',
            "x".repeat(payloadBytes - LEAST_PAYLOAD));
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
    return "%s %s%s HTTP/1.1\r\n%sAccept: application/json\r\n"
        .formatted(method, target.path(), path, target.headers());
  }
}
