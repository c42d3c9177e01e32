package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest extends ApiTest {

  private static final String UNKNOWN = "/v1/keys/" + "0".repeat(16);

  private Answer created(String body) {
    Answer answer = http.post("/v1/keys", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer;
  }

  @Test
  void aKeyIsToldOnceAndShownWithoutItsSecret() {
    Answer made = created("{\"name\":\"shop ä\",\"role\":\"submitter\"}");
    String text = made.string("key");
    String id = made.string("id");
    assertThat(text).matches("qq_" + id + "_[A-Za-z0-9_-]{43}");
    assertThat(made.header("location")).isEqualTo("/v1/keys/" + id);
    assertThat(made.header("cache-control")).isEqualTo("no-store");

    JsonNode shown = http.get("/v1/keys/" + id).json();

    assertThat(shown.path("name").textValue()).isEqualTo("shop ä");
    assertThat(shown.path("role").textValue()).isEqualTo("submitter");
    assertThat(shown.path("state").textValue()).isEqualTo("active");
    assertThat(shown.path("created_by").textValue()).isEqualTo("anonymous");
    assertThat(shown.has("key")).isFalse();
    assertThat(http.get("/v1/keys").text()).contains(id).doesNotContain(text.substring(20));
  }

  @Test
  void aKeyIsRenamedAndMayExpireOrNot() {
    String path =
        created("{\"name\":\"a\",\"role\":\"viewer\",\"expires_at\":\"2999-01-01T00:00:00Z\"}")
            .header("location");

    Answer renamed = http.patch(path, "{\"name\":\"b\"}");
    assertThat(renamed.string("name")).isEqualTo("b");
    assertThat(renamed.string("expires_at")).isEqualTo("2999-01-01T00:00:00Z");

    Answer lasting = http.patch(path, "{\"expires_at\":null}");
    assertThat(lasting.string("name")).isEqualTo("b");
    assertThat(lasting.json().path("expires_at").isNull()).isTrue();
  }

  @Test
  void aRotatedKeyHasAnotherSecret() {
    Answer made = created("{\"name\":\"a\",\"role\":\"viewer\"}");
    String path = made.header("location") + "/rotate";

    Answer rotated = http.post(path, "{\"overlap\":\"2d\"}");

    assertThat(rotated.status()).isEqualTo(200);
    assertThat(rotated.string("id")).isEqualTo(made.string("id"));
    assertThat(rotated.string("key")).isNotEqualTo(made.string("key"));
    assertThat(rotated.string("former_until")).isNotNull();
    assertThat(http.post(path, "").status()).isEqualTo(200);
    assertFieldProblem(http.post(path, "{\"overlap\":\"31d\"}"), 422, "invalid-value", "overlap");
    assertFieldProblem(http.post(path, "{\"overlap\":\"-1s\"}"), 422, "invalid-value", "overlap");
  }

  @Test
  void aRevokedKeyIsShownAndNoMoreChanged() {
    String path = created("{\"name\":\"a\",\"role\":\"admin\"}").header("location");

    assertThat(http.delete(path).status()).isEqualTo(204);
    assertThat(http.delete(path).status()).isEqualTo(204);

    assertThat(http.get(path).string("state")).isEqualTo("revoked");
    assertThat(http.get(path).string("revoked_at")).isNotNull();
    assertProblem(http.patch(path, "{\"name\":\"b\"}"), 404, "unknown-key");
    assertProblem(http.post(path + "/rotate", ""), 404, "unknown-key");
  }

  @Test
  void pagesFollowEachOther() {
    for (int i = 0; i < 3; i++) {
      created("{\"name\":\"page\",\"role\":\"viewer\"}");
    }
    JsonNode first = http.get("/v1/keys?limit=2").json();
    String next = first.path("next").textValue();
    assertThat(first.path("keys")).hasSize(2);
    assertThat(next).isEqualTo(first.at("/keys/1/id").textValue());

    JsonNode second = http.get("/v1/keys?limit=500&after=" + next).json();

    assertThat(second.path("keys")).isNotEmpty();
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(second.at("/keys/0/id").textValue()).isGreaterThan(next);
    assertFieldProblem(http.get("/v1/keys?limit=501"), 400, "invalid-parameter", "limit");
  }

  @Test
  void anUnknownKeyIsSaidToBe() {
    assertProblem(http.get(UNKNOWN), 404, "unknown-key");
    assertProblem(http.get("/v1/keys/x%20y"), 404, "unknown-key");
    assertProblem(http.delete(UNKNOWN), 404, "unknown-key");
    assertProblem(http.patch(UNKNOWN, "{\"name\":\"a\"}"), 404, "unknown-key");
    assertProblem(http.post(UNKNOWN + "/rotate", ""), 404, "unknown-key");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"role\":\"viewer\"} | missing-field | name",
        "{\"name\":\"a\"} | missing-field | role",
        "{\"name\":\"\",\"role\":\"viewer\"} | invalid-value | name",
        "{\"name\":\"a\\u0000\",\"role\":\"viewer\"} | invalid-value | name",
        "{\"name\":\"a\\u202e\",\"role\":\"viewer\"} | invalid-value | name",
        "{\"name\":\"a\",\"role\":\"root\"} | invalid-value | role",
        "{\"name\":\"a\",\"role\":\"ADMIN\"} | invalid-value | role",
        "{\"name\":\"a\",\"role\":\"viewer\",\"expires_at\":\"2001-01-01T00:00:00Z\"} |"
            + " invalid-value | expires_at",
        "{\"name\":\"a\",\"role\":\"viewer\",\"expires_at\":\"soon\"} | invalid-value | expires_at",
        "{\"name\":\"a\",\"role\":\"viewer\",\"key\":\"mine\"} | unknown-field | key",
      })
  void aWrongFieldIsNamed(String body, String kind, String field) {
    assertFieldProblem(http.post("/v1/keys", body), 422, kind, field);
  }

  @Test
  void namesAreBounded() {
    created("{\"name\":\"%s\",\"role\":\"viewer\"}".formatted("n".repeat(100)));
    assertFieldProblem(
        http.post("/v1/keys", "{\"name\":\"%s\",\"role\":\"viewer\"}".formatted("n".repeat(101))),
        422,
        "invalid-value",
        "name");
  }
}
