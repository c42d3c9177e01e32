package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The receiver of callbacks in docs/signed-calls.md, as it stands there. */
@Timeout(600)
class ReceiverExampleTest {

  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDQsaqTyeBtfA=";
  private static final String OTHER = "whsec_BfcDQQeKz2oG1CPSFyD5ZD1flTYm2IoC";
  private static final JobId ID =
      new JobId(UUID.fromString("01920000-0000-7000-8000-000000000001"));

  private final HttpConfig config = new HttpConfig();

  @TempDir private Path folder;

  private Process receiver;
  private BufferedReader output;
  private String url;

  @BeforeEach
  void start() throws IOException {
    String docs = Files.readString(Path.of("../../docs/signed-calls.md"));
    Matcher example = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(docs);
    assertThat(example.find()).isTrue();
    Path program = Files.writeString(folder.resolve("receiver.py"), example.group(1));
    Path keys = Files.writeString(folder.resolve("its-keys"), "# ours\n" + OLD + "\n\n");
    ProcessBuilder python = new ProcessBuilder("python3", program.toString());
    python.environment().put("KEYS", keys.toString());
    python.environment().put("PORT", "0");
    receiver = python.redirectError(folder.resolve("errors").toFile()).start();
    output = receiver.inputReader(StandardCharsets.UTF_8);
    String port = Objects.requireNonNull(output.readLine()).substring("listens on ".length());
    url = "http://127.0.0.1:" + port + "/hook?key=1";
    config.setAllow(List.of("127.0.0.1:" + port));
  }

  @AfterEach
  void stop() {
    receiver.destroyForcibly();
  }

  @Test
  void isToldOfAnEndOnceHoweverOftenItIsCalled() throws Exception {
    sign(OLD);
    Job callback = callback(url, "\"grüße\"");

    assertThat(run(callback)).startsWith("HTTP 204");
    assertThat(run(callback.toBuilder().attempt(2).build())).startsWith("HTTP 204");
    run(callback(url, "2", 2));

    assertThat(output.readLine()).isEqualTo("job.done " + ID + " grüße");
    assertThat(output.readLine()).isEqualTo("job.done " + ID + " 2");
  }

  @Test
  void acceptsCallsWhileTheKeyChanges() throws Exception {
    sign(NEW + "\n" + OLD);

    assertThat(run(callback(url, "1"))).startsWith("HTTP 204");
  }

  @Test
  void refusesWhatIsNotSignedByItsKey() throws Exception {
    for (String keys : new String[] {OTHER, ""}) {
      sign(keys);

      assertThatExceptionOfType(HttpCallFailedException.class)
          .isThrownBy(() -> run(callback(url, "1")))
          .withMessageContaining("HTTP 401");
    }
  }

  @Test
  void refusesAnEventThatAJobMadeUp() throws Exception {
    sign(OLD);
    String event = "{\"type\": \"job.done\", \"data\": {\"id\": \"x\", \"result\": 1}}";
    String payload = "{\"url\": \"%s\", \"body\": %s, \"accept\": [401]}";

    try (HttpJobHandler http = new HttpJobHandler(config)) {
      assertThat(http.run(OneRun.of(payload.formatted(url, event))).note()).startsWith("HTTP 401");
    }
  }

  private void sign(String keys) throws IOException {
    Path file = Files.writeString(folder.resolve("our-keys"), keys);
    config.setSigningKeyFile(keys.isEmpty() ? "" : file.toString());
  }

  private String run(Job job) throws Exception {
    try (HttpJobHandler http = new HttpJobHandler(config)) {
      return String.valueOf(
          new CallbackJobHandler(http).run(new OneRun(job, Duration.ofSeconds(40))).note());
    }
  }

  private static Job callback(String url, String result) {
    return callback(url, result, 1);
  }

  private static Job callback(String url, String result, int attempt) {
    Instant now = Instant.parse("2026-11-30T10:00:00Z");
    JobSpec spec =
        JobSpec.builder("add", "{}").callback(new Callback(url, Callback.ANY_END)).build();
    Job job = Job.submit(ID, spec, null, false, now).job().toBuilder().attempt(attempt).build();
    return Objects.requireNonNull(new CallbackJobs().of(job.succeed(result, null, now)));
  }
}
