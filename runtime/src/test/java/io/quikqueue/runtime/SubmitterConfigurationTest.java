package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.limit.Retention;
import io.quikqueue.domain.port.LimitStore;
import io.quikqueue.domain.usecase.redact.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmitterConfigurationTest {

  private final ObjectMapper yaml = new ObjectMapper(new YAMLFactory());

  static final class Config extends SubmitterConfiguration {}

  @Test
  void hasNoDefaultsOfItsOwn() throws IOException {
    assertThat(read("{}").types()).isEmpty();
    assertThat(read("{}").declaredPolicies()).isEmpty();
  }

  @Test
  void takesNamesAlone() throws IOException {
    assertThat(read("types: [a, b.c]").types()).containsExactlyInAnyOrder("a", "b.c");
    assertThat(read("types: {a: , b.c: {}}").types()).containsExactlyInAnyOrder("a", "b.c");
    assertThat(read("types: {a: , b: {}}").declaredPolicies()).isEmpty();
  }

  @Test
  void readsEverySettingOfARetry() throws IOException {
    Config config =
        read(
            """
            types:
              a: {retry: {maxAttempts: 7, backoff: 2s, backoffCap: 1h, jitter: 0.25, maxElapsed: 2h, maxCrashes: 1}, timeout: 30s}
            queues:
              q: {retry: {maxAttempts: 2}}
            """);

    assertThat(config.declaredPolicies().get(LimitKey.type("a")))
        .isEqualTo(
            new PolicyOptions(
                new RetryOptions(
                    7,
                    RetryDelays.of(null, Duration.ofSeconds(2), Duration.ofHours(1), null, 0.25),
                    Duration.ofHours(2),
                    1),
                Duration.ofSeconds(30)));
    assertThat(config.declaredPolicies().get(LimitKey.queue("q")))
        .isEqualTo(new PolicyOptions(new RetryOptions(2, null, null, null), null));
  }

  @Test
  void readsThePoliciesOfTheDocuments() throws IOException {
    Matcher example = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(page("jobs.md"));
    assertThat(example.find()).isTrue();

    Map<LimitKey, PolicyOptions> declared = read(example.group(1)).declaredPolicies();

    assertThat(declared.get(LimitKey.type("report")).retry())
        .isEqualTo(
            new RetryOptions(
                8,
                RetryDelays.of(
                    null,
                    null,
                    null,
                    List.of(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(10)),
                    null),
                null,
                null));
    assertThat(declared.get(LimitKey.queue("mail")).retry())
        .isEqualTo(
            new RetryOptions(
                null,
                RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(30), null, null, null),
                null,
                null));
  }

  @Test
  void readsEveryLimit() throws IOException {
    Config config =
        read(
            """
            types:
              a: {limits: {concurrency: 3, rate: {n: 1, per: 2s}}}
              b:
            queues:
              q:
                limits:
                  concurrency: 1
                  concurrencyPerGroup: 2
                  rate: {n: 3, per: 10ms, burst: 4}
                  ratePerGroup: {n: 5, per: 1d}
                  maxWaiting: 6
                  weights: {acme: 8, 'a b': 9}
            """);

    assertThat(config.declaredLimits())
        .isEqualTo(
            Map.of(
                LimitKey.type("a"),
                new Limits(
                    3, null, new Rate(1, Duration.ofSeconds(2), 1), null, null, null, Map.of()),
                LimitKey.queue("callbacks"),
                CallbackJobs.LIMITS,
                LimitKey.queue("system"),
                Limits.of(Retention.of(Duration.ofHours(1))),
                LimitKey.queue("q"),
                new Limits(
                    1,
                    2,
                    new Rate(3, Duration.ofMillis(10), 4),
                    new Rate(5, Duration.ofDays(1), 5),
                    6,
                    null,
                    Map.of("acme", 8, "a b", 9))));
    assertThat(config.isWithinLimitStore()).isTrue();
  }

  @Test
  void readsTheLimitsOfTheDocuments() throws IOException {
    String page = page("limits.md");
    String example = page.substring(page.indexOf("```yaml") + 7);

    Config config = read(example.substring(0, example.indexOf("```")));

    assertThat(config.declaredLimits())
        .containsOnlyKeys(
            LimitKey.queue("mail"),
            LimitKey.type("report"),
            LimitKey.queue("callbacks"),
            LimitKey.queue("system"));
  }

  @Test
  void whatIsConfiguredOfCallbacksAndTheSystemIsInTheirPlace() throws IOException {
    Config config =
        read(
            "queues: {callbacks: {limits: {concurrencyPerGroup: 3}}, system: {limits: {retention:"
                + " {done: {age: 2h, count: 5}}}}}");

    assertThat(config.declaredLimits())
        .isEqualTo(
            Map.of(
                LimitKey.queue("callbacks"),
                new Limits(null, 3, null, null, null, null, Map.of()),
                LimitKey.queue("system"),
                Limits.of(
                    new Retention(
                        Map.of(JobState.DONE, new Retention.Keep(Duration.ofHours(2), 5))))));
  }

  @Test
  void readsTheSecretsOfTheDocuments() throws IOException {
    String page = page("access.md");
    String example = page.substring(page.indexOf("```yaml", page.indexOf("## Secrets")) + 7);

    Config config = read(example.substring(0, example.indexOf("```")));

    assertThat(config.secrets()).containsOnlyKeys("report");
    JobSpec spec =
        JobSpec.of("report", "{\"password\":\"hunter-22\",\"cards\":[{\"number\":\"4711\"}]}");
    assertThat(Redaction.of(config.secrets(), false).values(spec).mask("hunter-22 has 4711"))
        .isEqualTo("[REDACTED] has [REDACTED]");
  }

  @Test
  void saysWhichSecretIsWrong() {
    assertThatThrownBy(() -> read("types: {t: {secret: [/payload/a, b]}}"))
        .hasMessageContaining("number 2 must be a JSON Pointer");
    assertThatThrownBy(() -> read("queues: {q: {secret: [/payload/a]}}"))
        .hasStackTraceContaining("secret of \"q\": is of types of job, not of queues");
  }

  @Test
  void thereIsABoundOnHowManyHaveLimits() throws IOException {
    StringBuilder most = new StringBuilder("types: {t: {limits: {concurrency: 1}}}\nqueues:\n");
    int beside = 3; // those of the type, of callbacks and of the system
    for (int i = beside; i < LimitStore.MOST; i++) {
      most.append("  q").append(i).append(": {limits: {concurrency: 1}}\n");
    }
    assertThat(read(most.toString()).isWithinLimitStore()).isTrue();
    most.append("  other: {limits: {concurrency: 1}}\n");

    assertThat(read(most.toString()).isWithinLimitStore()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "queues: {q: {limits: {concurrency: 0}}}           | concurrency must be from 1 to"
            + " 1000000000",
        "queues: {q: {limits: {maxWaitingPerGroup: 0}}}    | maxWaitingPerGroup must be from 1 to",
        "queues: {q: {limits: {onLimit: drop_new}}}        | onLimit needs maxWaiting or",
        "queues: {q: {limits: {maxWaiting: 1, onLimit: drop}}} | onLimit must be wait",
        "queues: {q: {limits: {retention: {queued: {count: 1}}}}} | retention must name states",
        "queues: {q: {limits: {retention: {done: {age: 0s}}}}} | retention.done.age must be from",
        "queues: {q: {limits: {ratePerGroup: {n: 1}}}}     | ratePerGroup.per is required",
        "queues: {q: {limits: {rate: {n: 0, per: 1s}}}}    | rate.n must be from 1 to 1000000",
        "queues: {q: {limits: {weights: {a: 101}}}}        | weights.a must be from 1 to 100",
        "queues: {q: {limits: {max_waiting: 1}}}           | max_waiting",
        "types: {a: {limits: {maxWaiting: 1}}}             | limits of \"a\": maxWaiting is for"
            + " queues",
        "types: {a: {retry: {maxAttempts: 0}}}             | maxAttempts must be from 1 to 1000",
        "types: {a: {retry: {maxAttempts: 1001}}}          | maxAttempts must be from 1 to 1000",
        "types: {a: {retry: {maxCrashes: 6}}}              | maxCrashes must be from 1 to 5",
        "types: {a: {retry: {jitter: 2}}}                  | jitter must be from 0 to 1",
        "types: {a: {retry: {kind: linear}}}               | kind must be exponential, fixed or"
            + " list",
        "types: {a: {retry: {delays: []}}}                 | delays must be a list of 1 to 50"
            + " durations",
        "types: {a: {retry: {kind: fixed, backoffCap: 1s}}} | backoffCap goes with the kind",
        "types: {a: {retry: {backoff: 2s, backoffCap: 1s}}} | backoffCap must be from backoff to",
        "types: {a: {retry: {maxAtempts: 1}}}              | maxAtempts",
        "types: {a: {rety: {}}}                            | rety",
        "types: {'a b': {}}                                | \"a b\" must be 1 to 64 of",
        "types: ['']                                       | \"\" must be 1 to 64 of",
        "queues: {Mail: {}}                                | \"Mail\" must be 1 to 64 of",
      })
  void namesWhatIsWrong(String text, String message) {
    assertThatExceptionOfType(JsonMappingException.class)
        .isThrownBy(() -> read(text))
        .satisfies(
            e ->
                assertThat(e.getCause() == null ? e.getMessage() : e.getCause().getMessage())
                    .contains(message));
  }

  private Config read(String text) throws IOException {
    return yaml.readValue(text, Config.class);
  }

  private static String page(String name) throws IOException {
    return Files.readString(Path.of("../docs").resolve(name));
  }
}
