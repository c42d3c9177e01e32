package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.contracts.CheapHasher;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.rest.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users, and how they sign in. */
@Timeout(600)
class UsersTest extends RunningApi {

  private static final String ADMIN_KEY = "the-key-of-the-configuration-is-long";
  private static final String PASSWORD = "correct horse battery";
  private static final String LOGIN = "{\"email\":\"%s\",\"password\":\"%s\"}";

  /** Asks for keys or tokens. */
  public static final class WithUsers extends ApiUnderTest {
    @Override
    @Nullable Authenticate authenticate() {
      return new Authenticate(
          apiKeys, clock, System::nanoTime, ADMIN_KEY, Meter.NONE, users.callers());
    }
  }

  UsersTest() {
    super(WithUsers.class);
  }

  private Answer call(String method, String path, String token, String body) {
    return http.as(token, method, path, body);
  }

  private Answer create(String body) {
    return call("POST", "/v1/users", ADMIN_KEY, body);
  }

  private Answer created(String email, String role) {
    Answer made =
        create(
            "{\"name\":\"Ann ä\",\"email\":\"%s\",\"age\":30,\"phone\":\"+4915112345678\",\"role\":\"%s\",\"password\":\"%s\"}"
                .formatted(email, role, PASSWORD));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made;
  }

  private Answer login(String email, String password) {
    return http.post("/v1/auth/login", LOGIN.formatted(email, password));
  }

  private Answer loggedIn(String email) {
    Answer tokens = login(email, PASSWORD);
    assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
    return tokens;
  }

  private Answer refresh(String token) {
    return http.post("/v1/auth/refresh", "{\"refresh_token\":\"" + token + "\"}");
  }

  private int status(Answer tokens) {
    return call("GET", "/v1/queues", tokens.string("access_token"), "").status();
  }

  private void awaitSignedOut(Answer tokens) {
    await().until(() -> status(tokens) == 401);
    ApiTest.assertProblem(refresh(tokens.string("refresh_token")), 401, "wrong-refresh-token");
  }

  @Test
  void aUserIsShownWithoutThePassword() {
    Answer made = created("Ann@Example.com", "operator");

    Answer shown = call("GET", made.header("location"), ADMIN_KEY, "");

    assertThat(shown.string("email")).isEqualTo("ann@example.com");
    assertThat(shown.json().path("age").intValue()).isEqualTo(30);
    assertThat(shown.string("created_by")).isEqualTo("admin-key");
    assertThat(shown.text()).doesNotContain("hash").doesNotContain(PASSWORD);
    assertThat(made.text()).doesNotContain("hash").doesNotContain(PASSWORD);
  }

  @Test
  void aTokenDoesWhatTheRoleAllowsBesideKeys() {
    created("a@example.com", "operator");
    Answer tokens = loggedIn("A@EXAMPLE.com");
    String token = tokens.string("access_token");

    assertThat(call("GET", "/v1/users/me", token, "").string("email")).isEqualTo("a@example.com");
    Answer paused = call("POST", "/v1/queues/named/pause", token, "");
    assertThat(paused.text()).contains("user:" + tokens.json().at("/user/id").textValue());
    ApiTest.assertProblem(call("GET", "/v1/users", token, ""), 403, "forbidden");
    ApiTest.assertProblem(call("GET", "/v1/users/me", ADMIN_KEY, ""), 409, "not-a-user");
    ApiTest.assertProblem(
        call("POST", "/v1/auth/logout-everywhere", ADMIN_KEY, ""), 409, "not-a-user");
  }

  @Test
  void anotherRoleCountsForTokensThatAreThere() {
    String path = created("a@example.com", "viewer").header("location");
    String token = loggedIn("a@example.com").string("access_token");
    assertThat(call("GET", "/v1/users", token, "").status()).isEqualTo(403);

    assertThat(call("PATCH", path, ADMIN_KEY, "{\"role\":\"admin\"}").status()).isEqualTo(200);

    await().until(() -> call("GET", "/v1/users", token, "").status() == 200);
  }

  @Test
  void whoIsDeactivatedIsSignedOutAndCannotSignIn() {
    String path = created("a@example.com", "viewer").header("location");
    Answer tokens = loggedIn("a@example.com");
    assertThat(status(tokens)).isEqualTo(200);

    Answer off = call("PATCH", path, ADMIN_KEY, "{\"active\":false}");

    assertThat(off.json().path("active").booleanValue()).isFalse();
    awaitSignedOut(tokens);
    Answer wrong = login("nobody@example.com", PASSWORD);
    assertThat(login("a@example.com", PASSWORD).text()).isEqualTo(wrong.text());
    assertThat(call("PATCH", path, ADMIN_KEY, "{\"active\":true}").status()).isEqualTo(200);
    assertThat(status(loggedIn("a@example.com"))).isEqualTo(200);
  }

  @Test
  void anAdminSetsThePasswordOfAnotherWhichSignsThemOut() {
    String path = created("a@example.com", "viewer").header("location");
    created("b@example.com", "admin");
    Answer tokens = loggedIn("a@example.com");
    String admin = loggedIn("b@example.com").string("access_token");
    String set = "{\"password\":\"%s\"}";
    String fresh = "staple of another kind";

    Answer changed = call("PATCH", path, admin, set.formatted(fresh));

    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(changed.text()).doesNotContain(fresh);
    awaitSignedOut(tokens);
    assertThat(login("a@example.com", PASSWORD).status()).isEqualTo(401);
    assertThat(login("a@example.com", fresh).status()).isEqualTo(200);
    for (String wrong : new String[] {"too short", "A@Example.com", "a".repeat(201)}) {
      ApiTest.assertFieldProblem(
          call("PATCH", path, admin, set.formatted(wrong)), 422, "invalid-value", "password");
    }
    ApiTest.assertProblem(
        call("PATCH", "/v1/users/" + "0".repeat(16), admin, set.formatted(fresh)),
        404,
        "unknown-user");
  }

  @Test
  void anAdminChangesTheirOwnPasswordWithTheOneBeforeAlone() {
    String path = created("a@example.com", "admin").header("location");
    String token = loggedIn("a@example.com").string("access_token");

    Answer refused = call("PATCH", path, token, "{\"password\":\"staple of another kind\"}");

    ApiTest.assertFieldProblem(refused, 422, "invalid-value", "password");
    assertThat(refused.text()).contains("/v1/users/me/password");
    assertThat(login("a@example.com", PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void theLastAdminAmongUsersEndsByAKeyAlone() {
    String path = created("a@example.com", "admin").header("location");
    String token = loggedIn("a@example.com").string("access_token");
    String[] ends = {"{\"active\":false}", "{\"role\":\"operator\",\"name\":\"B\"}"};

    for (String end : ends) {
      ApiTest.assertProblem(call("PATCH", path, token, end), 409, "last-admin");
    }
    assertThat(call("GET", path, token, "").string("name")).isEqualTo("Ann ä");
    created("b@example.com", "admin");
    assertThat(call("PATCH", path, token, ends[1]).string("role")).isEqualTo("operator");

    String last = "/v1/users/" + listed("email=b@example.com").get(0).path("id").textValue();
    assertThat(call("PATCH", last, ADMIN_KEY, ends[0]).status()).isEqualTo(200);
  }

  @Test
  void aRefreshTokenCountsOnceAndEndsItsSessionWhenReused() {
    created("a@example.com", "viewer");
    Answer first = loggedIn("a@example.com");
    Answer other = loggedIn("a@example.com");

    Answer second = refresh(first.string("refresh_token"));
    assertThat(second.status()).isEqualTo(200);
    Answer third = refresh(second.string("refresh_token"));
    assertThat(status(third)).isEqualTo(200);

    ApiTest.assertProblem(refresh(first.string("refresh_token")), 401, "wrong-refresh-token");

    awaitSignedOut(third);
    assertThat(status(other)).isEqualTo(200);
  }

  @Test
  void aForeignRefreshTokenEndsNothing() {
    created("a@example.com", "viewer");
    Answer tokens = loggedIn("a@example.com");
    String own = tokens.string("refresh_token");
    String foreign = own.substring(0, 36) + "A".repeat(43) + "_" + "A".repeat(43);

    ApiTest.assertProblem(refresh(foreign), 401, "wrong-refresh-token");
    ApiTest.assertProblem(refresh("x"), 401, "wrong-refresh-token");
    http.post("/v1/auth/logout", "{\"refresh_token\":\"" + foreign + "\"}");

    assertThat(refresh(own).status()).isEqualTo(200);
  }

  @Test
  void aLogoutEndsOneSessionAndEverywhereAll() {
    created("a@example.com", "viewer");
    Answer one = loggedIn("a@example.com");
    Answer two = loggedIn("a@example.com");
    Answer three = loggedIn("a@example.com");
    String body = "{\"refresh_token\":\"" + one.string("refresh_token") + "\"}";

    assertThat(http.post("/v1/auth/logout", body).status()).isEqualTo(204);
    assertThat(http.post("/v1/auth/logout", body).status()).isEqualTo(204);
    awaitSignedOut(one);
    assertThat(status(two)).isEqualTo(200);

    String token = two.string("access_token");
    assertThat(call("POST", "/v1/auth/logout-everywhere", token, "").status()).isEqualTo(204);
    awaitSignedOut(two);
    awaitSignedOut(three);
  }

  @Test
  void aNewPasswordEndsTheOtherSessions() {
    created("a@example.com", "viewer");
    Answer other = loggedIn("a@example.com");
    String token = loggedIn("a@example.com").string("access_token");
    String path = "/v1/users/me/password";
    String change = "{\"old_password\":\"%s\",\"new_password\":\"%s\"}";
    String fresh = "staple of another kind";

    ApiTest.assertFieldProblem(
        call("POST", path, token, change.formatted("not my password", fresh)),
        422,
        "wrong-password",
        "old_password");
    ApiTest.assertFieldProblem(
        call("POST", path, token, change.formatted(PASSWORD, "too short")),
        422,
        "invalid-value",
        "new_password");
    Answer changed = call("POST", path, token, change.formatted(PASSWORD, fresh));

    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    awaitSignedOut(other);
    assertThat(status(changed)).isEqualTo(200);
    assertThat(login("a@example.com", PASSWORD).status()).isEqualTo(401);
    assertThat(login("a@example.com", fresh).status()).isEqualTo(200);
  }

  @Test
  void whoFailsTooOftenWaitsWhetherThereIsAnAccountOrNot() {
    created("a@example.com", "viewer");
    for (String email : new String[] {"a@example.com", "nobody@example.com"}) {
      for (int i = 0; i < 5; i++) {
        ApiTest.assertProblem(login(email, "wrong"), 401, "wrong-credentials");
      }
      Answer refused = login(email, PASSWORD);
      ApiTest.assertProblem(refused, 429, "too-many-logins");
      assertThat(refused.header("retry-after")).isEqualTo("1");
    }
    await().until(() -> login("a@example.com", PASSWORD).status() == 200);
    assertThat(login("a@example.com", "wrong").status()).as("counts anew").isEqualTo(401);
    assertThat(login("a@example.com", PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void anImportedHashIsTakenAndUpgradedByALogin() {
    String hash = CheapHasher.old(PASSWORD);
    Answer made =
        create(
            "{\"name\":\"B\",\"email\":\"b@example.com\",\"role\":\"viewer\",\"password_hash\":\"%s\"}"
                .formatted(hash));
    assertThat(made.status()).as(made.text()).isEqualTo(201);

    Answer tokens = loggedIn("b@example.com");

    assertThat(status(tokens)).isEqualTo(200);
    assertThat(api.accounts.users().find(made.string("id")).orElseThrow().passwordHash())
        .isNotEqualTo(hash);
    assertThat(loggedIn("b@example.com").status()).isEqualTo(200);
  }

  @Test
  void tokensOfAnotherFormOpenNothing() {
    created("a@example.com", "admin");
    String token = loggedIn("a@example.com").string("access_token");
    String[] parts = token.split("\\.");
    String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    assertThat(header).startsWith("{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"");

    String[] wrong = {
      encoded(header.replace("EdDSA", "none")) + "." + parts[1] + ".",
      encoded(header.replace("EdDSA", "HS256")) + "." + parts[1] + "." + parts[2],
      encoded(header.replace("at+jwt", "JWT")) + "." + parts[1] + "." + parts[2],
      parts[0]
          + "."
          + encoded(claims.replaceAll("\"exp\":[0-9]+", "\"exp\":99999999999"))
          + "."
          + parts[2],
      parts[0] + "." + parts[1] + ".",
      parts[0] + "." + parts[1],
      token + ".",
      "ey",
      "eyJ" + "A".repeat(2_000)
    };
    for (String each : wrong) {
      assertThat(call("GET", "/v1/queues", each, "").status()).as(each).isEqualTo(401);
    }
    assertThat(call("GET", "/v1/queues", token, "").status()).isEqualTo(200);
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theKeyOfATokenIsPublished() {
    created("a@example.com", "viewer");
    String header = loggedIn("a@example.com").string("access_token").split("\\.")[0];
    String kid =
        new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8)
            .replaceAll(".*\"kid\":\"([0-9a-f]+)\".*", "$1");

    await()
        .untilAsserted(
            () -> {
              Answer answer = http.get("/.well-known/jwks.json");
              assertThat(answer.response().headers().allValues("cache-control"))
                  .containsExactly("public, max-age=60");
              JsonNode key = answer.json().at("/keys/0");
              assertThat(key.path("kid").textValue()).isEqualTo(kid);
              assertThat(key.path("kty").textValue()).isEqualTo("OKP");
              assertThat(key.path("x").textValue()).hasSize(43);
            });
  }

  @Test
  void usersAreListedAndCounted() {
    created("a@example.com", "viewer");
    created("b@example.com", "admin");
    created("c@example.com", "admin");
    loggedIn("a@example.com");

    JsonNode first = call("GET", "/v1/users?limit=2", ADMIN_KEY, "").json();
    assertThat(first.path("users")).hasSize(2);
    String next = first.path("next").textValue();
    JsonNode second = call("GET", "/v1/users?limit=2&after=" + next, ADMIN_KEY, "").json();
    assertThat(second.path("users")).hasSize(1);
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(listed("role=admin")).hasSize(2);
    assertThat(listed("active=false")).isEmpty();
    assertThat(listed("email=A@example.com")).hasSize(1);
    assertThat(listed("email=a@example.com&role=admin")).isEmpty();
    ApiTest.assertFieldProblem(
        call("GET", "/v1/users?role=root", ADMIN_KEY, ""), 400, "invalid-parameter", "role");
    ApiTest.assertFieldProblem(
        call("GET", "/v1/users?active=1", ADMIN_KEY, ""), 400, "invalid-parameter", "active");

    JsonNode stats = call("GET", "/v1/users/stats", ADMIN_KEY, "").json();
    assertThat(stats.path("users").toString())
        .isEqualTo(
            "[{\"role\":\"viewer\",\"active\":true,\"count\":1},{\"role\":\"admin\",\"active\":true,\"count\":2}]");
    assertThat(stats.at("/logins/0/count").intValue()).isEqualTo(1);
  }

  private JsonNode listed(String query) {
    return call("GET", "/v1/users?" + query, ADMIN_KEY, "").json().path("users");
  }

  @Test
  void aFieldIsTakenAwayAndAnAddressIsOneUsersAlone() {
    String path = created("a@example.com", "viewer").header("location");
    created("b@example.com", "viewer");

    Answer changed = call("PATCH", path, ADMIN_KEY, "{\"age\":null,\"name\":\"New\"}");

    assertThat(changed.json().path("age").isNull()).isTrue();
    assertThat(changed.string("phone")).isEqualTo("+4915112345678");
    assertThat(changed.string("name")).isEqualTo("New");
    ApiTest.assertFieldProblem(
        call("PATCH", path, ADMIN_KEY, "{\"email\":\"B@example.com\"}"),
        422,
        "invalid-value",
        "email");
    ApiTest.assertProblem(
        call("GET", "/v1/users/" + "0".repeat(16), ADMIN_KEY, ""), 404, "unknown-user");
    ApiTest.assertProblem(
        call("PATCH", "/v1/users/none", ADMIN_KEY, "{\"age\":1}"), 404, "unknown-user");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "\"email\":\"a\" | invalid-value | email",
        "\"email\":\"a@b@c\" | invalid-value | email",
        "\"email\":\"a b@example.com\" | invalid-value | email",
        "\"email\":null | missing-field | email",
        "\"email\":\"x@example.com\",\"name\":\"\" | invalid-value | name",
        "\"email\":\"x@example.com\",\"age\":-1 | invalid-value | age",
        "\"email\":\"x@example.com\",\"age\":151 | invalid-value | age",
        "\"email\":\"x@example.com\",\"age\":\"1\" | wrong-type | age",
        "\"email\":\"x@example.com\",\"phone\":\"0151\" | invalid-value | phone",
        "\"email\":\"x@example.com\",\"role\":\"root\" | invalid-value | role",
        "\"email\":\"x@example.com\",\"password\":\"short\" | invalid-value | password",
        "\"email\":\"x@example.com\",\"password\":\"aaaaaaaaaaaaaaaa\" | invalid-value | password",
        "\"email\":\"averyveryvery@x.com\",\"password\":\"AVeryVeryVery@x.com\" | invalid-value |"
            + " password",
        "\"email\":\"x@example.com\",\"password_hash\":\"$x$\" | invalid-value | password_hash",
        "\"email\":\"x@example.com\",\"id\":\"1\" | unknown-field | id",
      })
  void aWrongFieldIsNamed(String fields, String kind, String field) {
    String body =
        "{\"name\":\"A\",\"role\":\"viewer\",\"password\":\"%s\",%s}".formatted(PASSWORD, fields);
    for (String own : new String[] {"name", "role", "password"}) {
      if (fields.contains("\"" + own + "\":")) {
        body = body.replaceFirst("\"" + own + "\":\"[^\"]*\",", "");
      }
    }
    ApiTest.assertFieldProblem(create(body), 422, kind, field);
  }

  @Test
  void lengthsAreBounded() {
    String email = "e".repeat(64) + "@" + "d".repeat(180) + ".example";
    assertThat(createdWith(email, "p1q2".repeat(3)).status()).isEqualTo(201);
    assertThat(createdWith("e" + email, "p1q2".repeat(3)).status()).isEqualTo(422);
    assertThat(createdWith("b@example.com", "p1q2".repeat(50)).status()).isEqualTo(201);
    assertThat(login("b@example.com", "p1q2".repeat(50)).status()).isEqualTo(200);
    assertThat(createdWith("c@example.com", "p1q2".repeat(50) + "x").status()).isEqualTo(422);
    assertThat(createdWith("c@example.com", "p1q2p1q2p1q").status()).isEqualTo(422);
  }

  private Answer createdWith(String email, String password) {
    return create(
        "{\"name\":\"A\",\"role\":\"viewer\",\"email\":\"%s\",\"password\":\"%s\"}"
            .formatted(email, password));
  }
}
