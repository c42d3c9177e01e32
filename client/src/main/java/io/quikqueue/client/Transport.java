package io.quikqueue.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends what the client calls over HTTP, and repeats what may be when the server is away. */
final class Transport implements Calls {

  private static final int TRIES = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final URI base;
  private final Duration timeout;
  private final @Nullable String key;
  private final HttpClient http;
  private final ObjectMapper json = JsonMapper.builder().findAndAddModules().build();

  /**
   * @param key what the server is to know the client by; null = nothing
   */
  Transport(URI base, Duration timeout, @Nullable String key) {
    this.base = base;
    this.timeout = timeout;
    this.key = key;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  @Override
  public JsonNode send(Call call) {
    Object content = call.content();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + call.path()))
            .timeout(timeout.plus(call.patience()))
            .header("Accept", "application/json");
    if (content == null) {
      request.method(call.method(), BodyPublishers.noBody());
    } else {
      request
          .method(call.method(), BodyPublishers.ofString(write(content)))
          .header("Content-Type", "application/json");
    }
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    String idempotencyKey = call.key();
    if (idempotencyKey != null) {
      request.header("Idempotency-Key", idempotencyKey);
    }
    return send(request.build(), call.repeatable());
  }

  private JsonNode send(HttpRequest request, boolean repeatable) {
    Duration pause = FIRST_PAUSE;
    for (int i = 1; ; i++) {
      try {
        return answer(http.send(request, BodyHandlers.ofString()));
      } catch (IOException e) {
        if (!repeatable || i == TRIES) {
          throw new QuikQueueException.Unavailable("no answer from " + base + ": " + reason(e), e);
        }
      } catch (QuikQueueException.Unavailable e) {
        if (!repeatable || i == TRIES) {
          throw e;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QuikQueueException.Unavailable("interrupted while waiting for " + base, e);
      }
      pause(pause);
      pause = pause.multipliedBy(3);
    }
  }

  private JsonNode answer(HttpResponse<String> response) {
    JsonNode body = read(response.body());
    int status = response.statusCode();
    if (status < 300) {
      return body == null ? MissingNode.getInstance() : body;
    }
    Problem problem = Problem.of(status, body == null ? MissingNode.getInstance() : body);
    if (status == 404) {
      throw new QuikQueueException.NotFound(problem);
    }
    if (status == 409) {
      throw new QuikQueueException.Conflict(problem);
    }
    if (status >= 500) {
      throw new QuikQueueException.Unavailable(problem.toString(), null);
    }
    throw new QuikQueueException.Refused(problem);
  }

  private @Nullable JsonNode read(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      return null; // a proxy's page, not the server's word; the status says enough
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a payload that cannot be written as JSON", e);
    }
  }

  /** What the exceptions say; Java's client says nothing when it cannot connect. */
  private static String reason(IOException e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof UnresolvedAddressException) {
        return "unknown host";
      }
      String message = each.getMessage();
      if (message != null && !message.isBlank()) {
        return message;
      }
    }
    return e instanceof ConnectException ? "cannot connect" : e.getClass().getSimpleName();
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuikQueueException.Unavailable("interrupted", e);
    }
  }
}
