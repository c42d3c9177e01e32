package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every request that may have an {@code Idempotency-Key}. */
class IdempotencyKeysTest extends ApiTest {

  private static final List<String> WRONG_BODIES =
      List.of(
          "",
          ":4",
          "{",
          "[1",
          "{} {}",
          "\u0000",
          "\"\\ud800\"",
          "{\"payload\":",
          "{\"payload\":1,\"payload\":1}",
          "{\"payload\":{\"a\":1,\"a\":2}}",
          "{\"payload\":9223372036854775808,\"payload\":1,\"extra\":1}",
          "{\"payload\":1e999999999}",
          "{\"payload\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
          "{\"" + "n".repeat(60_000) + "\":1}");

  @Test
  void aWrongBodyIsRefusedAlikeWithAndWithoutAKey() {
    List<String> paths = paths();
    assertThat(paths).contains("/v1/jobs", "/v1/workflows/" + UNKNOWN_ID + "/signals/a");

    for (String path : paths) {
      for (String body : WRONG_BODIES) {
        Answer without = http.post(path, body);
        Answer with = http.post(path, body, "Idempotency-Key", "k" + body.hashCode());

        String as = path + " " + body.substring(0, Math.min(60, body.length()));
        assertThat(without.status()).as(as).isBetween(200, 499);
        assertThat(with.status()).as(as).isEqualTo(without.status());
        if (without.status() >= 400) {
          assertThat(with.string("type")).as(as).isEqualTo(without.string("type"));
        }
      }
    }
  }

  /** Of all that have the header; ids are of nothing that is there. */
  private List<String> paths() {
    List<String> paths = new ArrayList<>();
    JsonNode document = http.get("/openapi.json").json();
    document
        .path("paths")
        .properties()
        .forEach(
            path -> {
              if (hasKey(document, path.getValue().at("/post/parameters"))) {
                paths.add(path.getKey().replace("{id}", UNKNOWN_ID).replaceAll("\\{\\w+}", "a"));
              }
            });
    return paths;
  }

  private static boolean hasKey(JsonNode document, JsonNode parameters) {
    for (JsonNode parameter : parameters) {
      String reference = parameter.path("$ref").asText("#");
      if (document.at(reference.substring(1)).path("name").asText().equals("Idempotency-Key")) {
        return true;
      }
    }
    return false;
  }
}
