package io.quikqueue.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The REST API of a deployment. */
final class Service {

  /** Numbers stay as they are written. */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than the service itself lets a request wait. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final HttpClient http;
  private final String url;
  private final @Nullable String key;

  /**
   * @param key null = none
   */
  Service(URI url, @Nullable String key) {
    String text = url.toString();
    this.url = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.key = key;
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if ("http".equals(url.getScheme())) {
      client.sslContext(trustingNobody());
    }
    this.http = client.build();
  }

  /** Else a client that speaks no TLS would read all certificates of the machine first. */
  private static SSLContext trustingNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  JsonNode get(String path) {
    return call("GET", path, null);
  }

  JsonNode post(String path) {
    return call("POST", path, null);
  }

  JsonNode post(String path, JsonNode body, String... headers) {
    return call("POST", path, body, headers);
  }

  private JsonNode call(String method, String path, @Nullable JsonNode body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(ANSWER)
            .header("accept", "application/json, application/problem+json");
    if (key != null) {
      request.header("authorization", "Bearer " + key);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("content-type", "application/json");
      request.method(method, BodyPublishers.ofString(body.toString()));
    }
    return answer(method + " " + path, request.build());
  }

  private JsonNode answer(String what, HttpRequest request) {
    try {
      HttpResponse<String> response =
          http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      JsonNode answer = json(response.body());
      if (response.statusCode() < 200 || response.statusCode() >= 300) {
        throw new RefusedException(problem(response.statusCode(), answer));
      }
      if (answer.isMissingNode() && !response.body().isBlank()) {
        throw new RefusedException(
            "%s is no QuikQueue: it answers %s with no JSON".formatted(url, what));
      }
      return answer;
    } catch (ConnectException e) {
      throw new UnreachableException(
          "nothing listens on %s: start ./quikqueue up, or name another with --url".formatted(url));
    } catch (HttpTimeoutException e) {
      throw new UnreachableException("%s gave no answer to %s in time".formatted(url, what));
    } catch (IOException e) {
      throw new UnreachableException(
          "%s gave no answer to %s: %s".formatted(url, what, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted");
    }
  }

  private static JsonNode json(String body) {
    try {
      return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance(); // told by whoever wants it
    }
  }

  /** A problem document in a line, with each field that is wrong. */
  private static String problem(int status, JsonNode problem) {
    String title = problem.path("title").asText("refused");
    String detail = problem.path("detail").asText("");
    StringBuilder text = new StringBuilder("%s (%d)".formatted(title, status));
    if (!detail.isEmpty()) {
      text.append(": ").append(detail);
    }
    for (JsonNode error : problem.path("errors")) {
      text.append("; ")
          .append(error.path("pointer").asText())
          .append(' ')
          .append(error.path("detail").asText());
    }
    return text.toString();
  }

  /** A part of a path, whatever characters it has. */
  static String part(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
