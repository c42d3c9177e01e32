package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.PermanentFailureException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class CallbackJobHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final HttpConfig config = new HttpConfig();

  @TempDir private Path folder;

  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server();
    config.setAllow(List.of("127.0.0.1:" + server.port()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theEventIsPostedAsItStandsInThePayload() throws Exception {
    server.answer("/", 204, null, "");
    String result = "{\"n\": 1.0, \"n\": \"} ü\"}";
    Job callback = callback(server.url("/hook?key=s3cret"), result);

    Result told = run(callback);

    Server.Request call = server.requests.getFirst();
    assertThat(server.requests).hasSize(1);
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/hook?key=s3cret");
    assertThat(call.header("Content-type")).isEqualTo("application/json");
    assertThat(call.header("Quikqueue-job-id")).isEqualTo(callback.id().toString());
    assertThat(call.body())
        .startsWith("{\"type\":\"job.done\",\"timestamp\":\"2026-11-30T10:00:00Z\"");
    assertThat(call.body()).contains("\"result\":" + result).endsWith("}}");
    assertThat(callback.spec().payload()).endsWith("\"event\":" + call.body() + "}");
    assertThat(told.note()).startsWith("HTTP 204 in ");
  }

  @Test
  void eachAttemptHasTheSameIdWhichIsSigned() throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), KEY);
    config.setSigningKeyFile(keys.toString());
    server.answer("/", 200, null, "");
    Job callback = callback(server.url("/"), "1");

    run(callback);
    run(callback.toBuilder().attempt(2).build());

    for (Server.Request call : server.requests) {
      String id = "callback_" + callback.id();
      Instant sent = Instant.ofEpochSecond(Long.parseLong(call.header("Webhook-timestamp")));
      assertThat(call.header("Webhook-id")).isEqualTo(id);
      assertThat(call.header("Webhook-signature"))
          .isEqualTo(CallSigner.read(keys).headers(id, sent, call.body()).get("webhook-signature"));
    }
    assertThat(server.requests)
        .extracting(call -> call.header("Quikqueue-attempt"))
        .containsExactly("1", "2");
  }

  @Test
  void withoutAKeyItHasItsIdButNoSignature() throws Exception {
    server.answer("/", 200, null, "");

    run(callback(server.url("/"), "1"));

    Server.Request call = server.requests.getFirst();
    assertThat(call.header("Webhook-id")).startsWith("callback_");
    assertThat(call.header("Webhook-timestamp")).matches("\\d{10}");
    assertThat(call.header("Webhook-signature")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void every2xxIsTaken(int status) throws Exception {
    server.answer("/", status, null, "");

    assertThat(run(callback(server.url("/"), "1")).note()).contains("HTTP " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 404, 409, 411, 422, 429, 500, 501, 503, 599})
  void everyOtherAnswerIsTriedAgain(int status) {
    server.answer("/", status, null, "");

    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> run(callback(server.url("/?key=s3cret"), "1")))
        .withMessageContaining("HTTP " + status)
        .withMessageNotContaining("s3cret");
  }

  @Test
  void goneEndsItForGood() {
    server.answer("/", 410, null, "");

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run(callback(server.url("/"), "1")));
  }

  @Test
  void whatHttpJobsMayNotReachIsNotReached() {
    config.setAllow(List.of());
    server.answer("/", 200, null, "");

    Throwable refused = catchThrowable(() -> run(callback(server.url("/?key=s3cret"), "1")));

    assertThat(refused)
        .isInstanceOf(PermanentFailureException.class)
        .hasMessageNotContaining("s3cret");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void littleIsKeptOfTheAnswer() throws Exception {
    server.answer("/", 200, "text/plain", "x".repeat(5000));

    assertThat(run(callback(server.url("/"), "1")).json()).hasSizeBetween(4096, 4300);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "{\"url\": \"http://127.0.0.1\"}",
        "{\"event\": {}, \"url\": \"http://127.0.0.1\"}",
        "{\"url\": \"http://127.0.0.1\", \"event\": 1}",
        "{\"url\": \"nowhere\", \"event\": {}}",
        "{\"url\"",
      })
  void aPayloadOfAnotherFormFailsForGood(String payload) {
    Job job = Job.submit(id(), JobSpec.of(CallbackJobs.TYPE, payload), null, false, NOW).job();

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run(job))
        .withMessage("the payload is not that of a callback");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://example.com/hook?key=1", "https://bücher.example", "http://[::1]"})
  void urlsThatCanBeCalledAreTaken(String url) {
    CallbackJobHandler.checkUrl(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.com",
        "https://user:s3cret@example.com",
        "https://",
        "https://example.com:0/?key=s3cret",
        "https://example.com:65536/?key=s3cret",
        "https://a..b/?key=s3cret"
      })
  void othersAreRefusedWithoutBeingShown(String url) {
    assertThatThrownBy(() -> CallbackJobHandler.checkUrl(url))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("callback.url"))
        .hasMessageNotContaining("s3cret");
  }

  private Result run(Job job) throws Exception {
    try (HttpJobHandler http = new HttpJobHandler(config)) {
      return new CallbackJobHandler(http).run(new OneRun(job, Duration.ofSeconds(40)));
    }
  }

  private static Job callback(String url, String result) {
    JobSpec spec =
        JobSpec.builder("add", "{}").callback(new Callback(url, Callback.ANY_END)).build();
    Job job = Job.submit(id(), spec, null, false, NOW).job();
    return Objects.requireNonNull(new CallbackJobs().of(job.succeed(result, null, NOW)));
  }

  private static JobId id() {
    return new JobId(UUID.fromString("01920000-0000-7000-8000-000000000001"));
  }
}
