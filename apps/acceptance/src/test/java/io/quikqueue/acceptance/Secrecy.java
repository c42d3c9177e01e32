package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http.Answer;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who gets to see what is secret in a job, wherever it runs. */
@ExtendWith(SharedSystems.class)
abstract class Secrecy {

  private static final Duration SOON = Duration.ofMinutes(3);

  private final Deployment system;
  private final Http http;
  private final QuikQueueClient client;
  private final Effects effects;

  /** A queue, and effects, that belong to this test alone. */
  private final String mine = "s" + UUID.randomUUID().toString().substring(0, 13);

  /** What nobody but a worker may see. */
  private final String secret = "plain" + UUID.randomUUID().toString().replace("-", "");

  Secrecy(Deployment system, Effects effects) {
    this.system = system;
    this.http = system.http();
    this.client = system.client();
    this.effects = effects;
  }

  @Test
  void headersWithCredentialsReachTheDestinationAndNobodyWhoReadsTheJobAlsoNotByItsEcho() {
    UUID done = client.submit(effects.echoing(mine, 200, secret).queue(mine));
    UUID failed = client.submit(effects.echoing(mine, 400, secret).queue(mine));

    assertThat(client.await(done, SOON).state()).isEqualTo(State.DONE);
    assertThat(client.await(failed, SOON).state()).isEqualTo(State.FAILED);

    assertThat(effects.of(mine)).extracting(Effects.Call::authorization).containsOnly(bearer());
    for (UUID id : List.of(done, failed)) {
      assertThat(http.get("/v1/jobs/" + id).json().at("/payload/headers/AUTHORization").textValue())
          .isEqualTo("[REDACTED]");
      for (String path :
          List.of(
              "/v1/jobs/" + id,
              "/v1/jobs/" + id + "/result",
              "/results/" + id,
              "/v1/jobs?queue=" + mine,
              "/v1/dead?queue=" + mine)) {
        Answer answer = http.get(path);
        assertThat(answer.text()).as(path).isNotBlank().doesNotContain(secret);
      }
    }
    assertThat(http.get("/v1/jobs/" + done + "/result").text()).contains("[REDACTED]");
    assertThat(http.get("/v1/jobs/" + failed).string("error")).contains("[REDACTED]");
    await().atMost(SOON).until(() -> anyLogHas(failed.toString()));
    assertThat(anyLogHas(secret)).isFalse();
  }

  @Test
  void payloadsResultsAndSignalsAreNowhereInTheFilesOfAnEncryptedSystem() {
    UUID told = client.submit(NewJob.of("echo", 1).queue(mine).delay(Duration.ofDays(1)));
    String signal = "/v1/jobs/" + told + "/signals/go";
    assertThat(http.post(signal, "{\"payload\":\"" + secret + "\"}").status()).isBetween(200, 202);
    UUID id =
        client.submit(
            NewJob.of("echo", Map.of("hidden", secret)).queue(mine).label("seen", "seen-" + mine));
    assertThat(client.await(id, SOON).state()).isEqualTo(State.DONE);
    assertThat(http.get("/v1/jobs/" + id + "/result").string("hidden")).isEqualTo(secret);

    await().atMost(SOON).until(() -> !FileSearch.with("seen-" + mine, system.files()).isEmpty());
    assertThat(FileSearch.with(secret, system.files(), Project.logs())).isEmpty();
  }

  private boolean anyLogHas(String text) {
    return FileSearch.with(text, system.files(), Project.logs()).stream()
        .anyMatch(file -> file.toString().endsWith(".log"));
  }

  private String bearer() {
    return "Bearer " + secret;
  }
}
