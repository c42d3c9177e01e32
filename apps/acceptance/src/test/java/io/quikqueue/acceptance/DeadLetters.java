package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.client.DeadGroup;
import io.quikqueue.client.DeadGroup.Status;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people see of jobs that were given up, wherever the service runs. */
@ExtendWith(SharedSystems.class)
abstract class DeadLetters {

  private static final Duration SOON = Duration.ofMinutes(3);

  private final Http http;
  private final QuikQueueClient client;

  /** A queue that belongs to this test alone. */
  private final String mine = "d" + UUID.randomUUID().toString().substring(0, 13);

  DeadLetters(Deployment system) {
    this.http = system.http();
    this.client = system.client();
  }

  @Test
  void jobsThatFailInTheSameWayAreOneGroupUntilTheyAreRetried() {
    UUID first = failed();
    UUID second = failed();
    JsonNode group = group();

    assertThat(group.path("type").textValue()).isEqualTo("fail");
    assertThat(group.path("count").intValue()).isEqualTo(2);
    assertThat(group.path("sample_job_id").textValue()).isEqualTo(second.toString());
    assertThat(group.path("message").textValue()).isNotBlank().doesNotContainPattern("[0-9]");
    String path = "/v1/dead/" + group.path("id").textValue();
    assertThat(http.get(path + "?limit=500").json().path("jobs").findValuesAsText("id"))
        .contains(first.toString(), second.toString());

    http.post("/v1/jobs/" + second + "/retry", "");
    await().atMost(SOON).until(() -> attempt(second) == 2 && state(second).equals("FAILED"));
    assertThat(group().path("count").intValue()).isEqualTo(2);

    http.send("DELETE", "/v1/queues/" + mine + "/jobs", BodyPublishers.noBody());
    assertThat(groups()).isEmpty();
  }

  /** All jobs of type {@code fail} are one group, and other tests may have failed some too. */
  @Test
  void aResolvedGroupIsOpenedByTheNextFailure() {
    failed();
    String id = group().path("id").textValue();

    DeadGroup resolved = client.dead().resolve(id, "mended");
    assertThat(resolved.note()).isEqualTo("mended");
    assertThat(resolved.by()).isEqualTo("anonymous");
    failed();

    assertThat(client.dead().group(id)).get().extracting(DeadGroup::status).isEqualTo(Status.OPEN);
    assertThat(client.dead().groups()).extracting(DeadGroup::id).contains(id);
    assertThat(client.dead().group("0".repeat(32))).isEmpty();
  }

  private UUID failed() {
    UUID id = client.submit(NewJob.of("fail", Map.of("times", 9, "permanent", true)).queue(mine));
    await().atMost(SOON).until(() -> state(id).equals("FAILED"));
    return id;
  }

  private String state(UUID id) {
    return http.get("/v1/jobs/" + id).string("state");
  }

  private int attempt(UUID id) {
    return http.get("/v1/jobs/" + id).json().path("attempt").intValue();
  }

  private JsonNode group() {
    JsonNode groups = groups();
    assertThat(groups).hasSize(1);
    return groups.get(0);
  }

  private JsonNode groups() {
    return http.get("/v1/dead?queue=" + mine).json().path("groups");
  }
}
