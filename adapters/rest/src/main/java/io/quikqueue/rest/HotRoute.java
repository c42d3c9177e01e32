package io.quikqueue.rest;

import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path that is served without Jersey, with all methods: JSON in, JSON out. What it does not serve
 * gets the same answers as from Jersey.
 */
final class HotRoute {

  private final String path;
  private final @Nullable Endpoint get;
  private final @Nullable Endpoint post;
  private final String beforeId;
  private final @Nullable String afterId;

  /** Serves one method of the path. */
  @FunctionalInterface
  interface Endpoint {

    /** The answer; null = the request waits for a job, and is dispatched again after that. */
    @Nullable Response answer(HotRequest request) throws IOException;
  }

  /**
   * @param path as in the OpenAPI document
   * @param get null = not served; serves HEAD as well
   * @param post null = not served
   */
  HotRoute(String path, @Nullable Endpoint get, @Nullable Endpoint post) {
    this.path = path;
    this.get = get;
    this.post = post;
    int id = path.indexOf('{');
    this.beforeId = id < 0 ? path : path.substring(0, id);
    this.afterId = id < 0 ? null : path.substring(path.indexOf('}') + 1);
  }

  /** Methods and path as the OpenAPI document has them, such as {@code "post /submit"}. */
  List<String> operations() {
    List<String> operations = new ArrayList<>();
    if (get != null) {
      operations.add("get " + path);
    }
    if (post != null) {
      operations.add("post " + path);
    }
    return operations;
  }

  /** What a request has in the place of the id; empty where there is none; null = another path. */
  @Nullable String id(String asked) {
    if (afterId == null) {
      return asked.equals(path) ? "" : null;
    }
    int start = beforeId.length();
    int end = asked.length() - afterId.length();
    return end > start
            && asked.startsWith(beforeId)
            && asked.endsWith(afterId)
            && asked.indexOf('/', start) == (afterId.isEmpty() ? -1 : end)
        ? asked.substring(start, end)
        : null;
  }

  /** The answer, whatever the request is like; null = it waits. */
  @Nullable Response answer(HotRequest request) throws IOException {
    Response answer;
    try {
      answer = answerOrThrow(request);
    } catch (RuntimeException | IOException e) {
      answer = ErrorTable.response(e);
    }
    if (answer != null) {
      DrainBody.drain(request.in(), answer);
    }
    return answer;
  }

  private @Nullable Response answerOrThrow(HotRequest request) throws IOException {
    return switch (request.in().getMethod()) {
      case "GET", "HEAD" -> answer(get, request);
      case "POST" -> answer(post, request);
      case "OPTIONS" -> options();
      default -> throw notAllowed();
    };
  }

  private @Nullable Response answer(@Nullable Endpoint endpoint, HotRequest request)
      throws IOException {
    if (endpoint == null) {
      throw notAllowed();
    }
    if (endpoint == post && !MediaTypes.sendsJson(request.in())) {
      throw new NotSupportedException();
    }
    if (!MediaTypes.acceptsJson(request.in())) {
      throw new NotAcceptableException();
    }
    return endpoint.answer(request);
  }

  private Response options() {
    byte[] body = allowed().replace(",", ", ").getBytes(StandardCharsets.UTF_8);
    return Response.ok(body, MediaType.TEXT_PLAIN_TYPE)
        .header(HttpHeaders.ALLOW, allowed())
        .build();
  }

  private NotAllowedException notAllowed() {
    return new NotAllowedException(
        Response.status(405).header(HttpHeaders.ALLOW, allowed()).build());
  }

  private String allowed() {
    return (get == null ? "" : "GET,HEAD,") + (post == null ? "" : "POST,") + "OPTIONS";
  }
}
