package io.quikqueue.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Plain HTTP, for what the client would not send or does not show. */
public final class Http {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  private final String address;

  public Http(String address) {
    this.address = address;
  }

  /** What came back. */
  public record Answer(int status, String text, HttpResponse<String> response) {

    public String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + text, e);
      }
    }

    public String string(String field) {
      return json().path(field).textValue();
    }
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  /** Posts JSON. */
  public Answer post(String path, String json, String... headers) {
    return send("POST", path, BodyPublishers.ofString(json), withJson(headers));
  }

  /** Sends with exactly these headers, name and value in turn. */
  public Answer send(String method, String path, BodyPublisher body, String... headers) {
    try {
      return answer(CLIENT.send(request(method, path, body, headers), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public CompletableFuture<Answer> getLater(String path) {
    return CLIENT
        .sendAsync(request("GET", path, BodyPublishers.noBody()), BodyHandlers.ofString())
        .thenApply(Http::answer);
  }

  public CompletableFuture<Answer> postLater(String path, String json, String... headers) {
    return CLIENT
        .sendAsync(
            request("POST", path, BodyPublishers.ofString(json), withJson(headers)),
            BodyHandlers.ofString())
        .thenApply(Http::answer);
  }

  private static String[] withJson(String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Content-Type";
    all[1] = "application/json";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return all;
  }

  private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE).method(method, body);
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  private static Answer answer(HttpResponse<String> response) {
    return new Answer(response.statusCode(), response.body(), response);
  }
}
