package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import io.quikqueue.client.QuikQueueException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The service in one process that asks for keys. */
@OwnProcesses
final class KeysTest {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String ADMIN = "an-administrators-key-of-40-characters--";

  private static Answer created(Http http, String role) {
    Answer made =
        http.post(
            "/v1/keys",
            "{\"name\":\"test\",\"role\":\"" + role + "\"}",
            "authorization",
            "Bearer " + ADMIN);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made;
  }

  /** A key of which one job may wait. */
  private static String limited(Http http) {
    Answer made =
        http.post(
            "/v1/keys",
            "{\"name\":\"limited\",\"role\":\"submitter\",\"max_waiting\":1}",
            "authorization",
            "Bearer " + ADMIN);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.string("key");
  }

  private static int submitted(Http http, String authorization) {
    return http.post(
            "/v1/jobs",
            "{\"type\":\"echo\",\"payload\":1,\"delay\":\"1d\"}",
            "authorization",
            authorization)
        .status();
  }

  private static JsonNode audit(Http http, String filter) {
    Answer page = http.get("/v1/audit?" + filter, "authorization", "Bearer " + ADMIN);
    assertThat(page.status()).as(page.text()).isEqualTo(200);
    return page.json().path("records");
  }

  @Test
  void aKeyDoesWhatItsRoleAllowsUntilItIsRevokedAndAlsoAfterARestart() throws IOException {
    Path folder = Project.tempFolder("admin-key");
    Path file = Files.writeString(folder.resolve("key"), ADMIN + "\n");
    try (Standalone up =
        Standalone.start(Map.of("QQ_ACCESS", "keys", "QQ_ADMIN_KEY_FILE", file.toString()))) {
      Http http = up.http();
      assertThat(http.get("/").status()).isEqualTo(200);
      assertThat(http.get("/v1/jobs").status()).isEqualTo(401);
      Answer made = created(http, "submitter");
      QuikQueueClient client =
          QuikQueueClient.to(up.address(), Duration.ofSeconds(30), made.string("key"));
      await()
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(QuikQueueException.Refused.class)
          .until(() -> client.find(UUID.randomUUID()).isEmpty());
      UUID job = client.submit(NewJob.of("echo", 2));
      assertThat(client.await(job, SOON).state()).isEqualTo(State.DONE);
      Answer paused =
          http.post(
              "/v1/queues/default/pause", "", "authorization", "Bearer " + made.string("key"));
      assertThat(paused.status()).isEqualTo(403);
      String limited = "Bearer " + limited(http);
      await().atMost(SOON).until(() -> submitted(http, limited) == 202);
      assertThat(submitted(http, limited)).isEqualTo(429);

      String creation = "action=createKey&target=" + made.string("id");
      await().atMost(SOON).until(() -> audit(http, creation).at("/0/status").asInt() == 201);

      up.kill();
      up.start();

      JsonNode created = audit(http, creation).get(0);
      assertThat(created.path("caller").textValue()).isEqualTo("admin-key");
      assertThat(created.path("status").intValue()).isEqualTo(201);
      assertThat(http.get("/v1/audit", "authorization", limited).status()).isEqualTo(403);
      assertThat(client.find(job)).isPresent();
      assertThat(submitted(http, limited)).isEqualTo(429);
      http.send(
          "DELETE",
          made.header("location"),
          BodyPublishers.noBody(),
          "authorization",
          "Bearer " + ADMIN);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> client.find(job))
                      .isInstanceOf(QuikQueueException.Refused.class));
    } finally {
      Project.delete(folder);
    }
  }
}
