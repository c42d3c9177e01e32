package io.quikqueue.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP to the API under test. */
final class Http {

  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  Http(int port) {
    this.port = port;
  }

  /** An answer. */
  record Answer(HttpResponse<byte[]> response) {

    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(text(), e);
      }
    }

    String string(String field) {
      return json().path(field).textValue();
    }
  }

  Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  Answer delete(String path, String... headers) {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  Answer patch(String path, String json) {
    return send("PATCH", path, BodyPublishers.ofString(json), "content-type", "application/json");
  }

  Answer post(String path, String json, String... headers) {
    return post(path, json.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** With the content type of JSON, unless headers are given that begin with another. */
  Answer post(String path, byte[] body, String... headers) {
    boolean typed = headers.length > 0 && headers[0].equalsIgnoreCase("content-type");
    String[] all = headers;
    if (!typed) {
      all = new String[headers.length + 2];
      all[0] = "content-type";
      all[1] = "application/json";
      System.arraycopy(headers, 0, all, 2, headers.length);
    }
    return send("POST", path, BodyPublishers.ofByteArray(body), all);
  }

  /** Sends JSON with a key or token; null = without. */
  Answer as(@Nullable String key, String method, String path, String json) {
    HttpRequest.BodyPublisher body = BodyPublishers.ofString(json);
    String type = "application/json";
    return key == null
        ? send(method, path, body, "content-type", type)
        : send(method, path, body, "content-type", type, "authorization", "Bearer " + key);
  }

  Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return port;
  }
}
