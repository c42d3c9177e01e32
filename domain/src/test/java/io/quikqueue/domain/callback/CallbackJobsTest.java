package io.quikqueue.domain.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallbackJobsTest {

  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00.123456Z");
  private static final JobId ID =
      new JobId(UUID.fromString("01920000-0000-7000-8000-000000000001"));

  private final CallbackJobs callbacks = new CallbackJobs();

  @Test
  void theEventTellsHowTheJobEnded() {
    Job job = job("https://example.com/h\"ook", Map.of("b", "2", "a", "x\"\\ü"));

    Job callback = made(job.succeed("{\"sum\":3}", "added", NOW.plusSeconds(2)).after());

    assertThat(callback.spec().payload())
        .isEqualTo(
            "{\"url\":\"https://example.com/h\\\"ook\",\"event\":{\"type\":\"job.done\","
                + "\"timestamp\":\"2026-11-30T10:00:02.123456Z\",\"data\":{"
                + "\"id\":\"01920000-0000-7000-8000-000000000001\",\"type\":\"add\","
                + "\"queue\":\"sums\",\"state\":\"DONE\",\"attempt\":1,"
                + "\"labels\":{\"a\":\"x\\\"\\\\ü\",\"b\":\"2\"},"
                + "\"created_at\":\"2026-11-30T10:00:00.123456Z\","
                + "\"finished_at\":\"2026-11-30T10:00:02.123456Z\","
                + "\"note\":\"added\",\"error\":null,\"result\":{\"sum\":3},"
                + "\"link\":\"/v1/jobs/01920000-0000-7000-8000-000000000001\"}}}");
  }

  @Test
  void theEventOfAFailureHasItsError() {
    Job job = job("https://example.com", Map.of());

    Job failed = job.fail(new Failure("no such\ncustomer", true), 0, NOW).after();

    assertThat(made(failed).spec().payload())
        .contains("\"type\":\"job.failed\"", "\"error\":\"no such\\u000acustomer\"")
        .contains("\"result\":null");
  }

  @Test
  void aJobThatItsLineHasPassedStillNamesItsCallback() {
    JobSpec spec =
        JobSpec.builder("add", "{}")
            .orderingKey("k")
            .onFailedHead(OnFailedHead.HOLD)
            .callback(new Callback("https://example.com", Callback.ANY_END))
            .build();
    Job job = Job.submit(ID, spec, null, false, NOW).job();

    Job failed = job.fail(new Failure("no such customer", true), 0, NOW).after();

    assertThat(CallbackJobs.idOf(failed)).isNotNull();
    assertThat(CallbackJobs.idOf(failed.pass(NOW.plusSeconds(9)).after()))
        .isEqualTo(CallbackJobs.idOf(failed));
  }

  @ParameterizedTest
  @CsvSource({"65534, true", "65535, false"})
  void aResultOfMoreThan64KiBIsALink(int characters, boolean there) {
    String result = "\"" + "x".repeat(characters) + "\"";

    String payload = resulting(result);

    assertThat(payload.contains(result)).isEqualTo(there);
    assertThat(payload.contains("\"result_link\":\"/v1/jobs/" + ID + "/result\""))
        .isEqualTo(!there);
  }

  @ParameterizedTest
  @CsvSource({"21844, true", "21845, false"})
  void itsLengthIsThatOfItsBytes(int characters, boolean there) {
    String result = "\"" + "漢".repeat(characters) + "\"";

    assertThat(resulting(result).contains(result)).isEqualTo(there);
  }

  @Test
  void itsResultIsWithoutWhatOnlyWorkersMaySee() {
    CallbackJobs masking = new CallbackJobs(job -> job.toBuilder().result("\"***\"").build());
    Job done = job("https://example.com", Map.of()).succeed("\"s3cret\"", null, NOW).after();

    Job callback = masking.of(job("https://example.com", Map.of()).succeed("1", null, NOW));

    assertThat(Objects.requireNonNull(callback).spec().payload())
        .contains("\"result\":\"***\"")
        .doesNotContain("s3cret");
    assertThat(callback.id()).isEqualTo(CallbackJobs.idOf(done));
  }

  @Test
  void theIdFollowsFromTheEnd() {
    Job job = job("https://example.com", Map.of());
    Job done = job.succeed("1", null, NOW).after();

    JobId id = Objects.requireNonNull(CallbackJobs.idOf(done));

    assertThat(made(done).id()).isEqualTo(id);
    assertThat(id.value().version()).isEqualTo(7);
    assertThat(id.value().variant()).isEqualTo(2);
    assertThat(id.value().getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    assertThat(
            CallbackJobs.idOf(job.toBuilder().attempt(2).build().succeed("1", null, NOW).after()))
        .isNotEqualTo(id);
    assertThat(CallbackJobs.idOf(job)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https://Example.com:8443/a, example.com",
    "http://example.com, example.com",
    "http://example.com?x, example.com",
    "http://example.com#x, example.com",
    "http://[::1]:80/x, [::1]",
    "http://user:secret@example.com/x, example.com",
  })
  void itsGroupIsTheHost(String url, String host) {
    assertThat(made(job(url, Map.of()).cancel(NOW).after()).spec().group()).isEqualTo(host);
  }

  @Test
  void theGroupOfALongHostFits() {
    String host = "x".repeat(100) + "." + "y".repeat(199);

    assertThat(made(job("http://" + host, Map.of()).cancel(NOW).after()).spec().group())
        .isEqualTo("." + "y".repeat(199));
  }

  @Test
  void deliveriesAreTriedAsStandardWebhooksHasIt() {
    Policy policy = made(job("http://a", Map.of()).cancel(NOW).after()).spec().policy();

    assertThat(policy.maxAttempts()).isEqualTo(8);
    assertThat(policy.delays().jitter()).isZero();
    assertThat(policy.delays().delays())
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(10));
  }

  private String resulting(String result) {
    return made(job("http://a", Map.of()).succeed(result, null, NOW).after()).spec().payload();
  }

  private static Job job(String url, Map<String, String> labels) {
    JobSpec spec =
        JobSpec.builder("add", "{}")
            .queue("sums")
            .labels(labels)
            .callback(new Callback(url, Callback.ANY_END))
            .build();
    return Job.submit(ID, spec, null, false, NOW).job();
  }

  private Job made(Job ended) {
    Job before = ended.toBuilder().state(JobState.QUEUED).build();
    return Objects.requireNonNull(callbacks.of(new Transition(before, ended, List.of(), null)));
  }
}
