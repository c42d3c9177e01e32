package io.quikqueue.domain.job;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Jobs for the domain's own tests, all made at {@link #NOW}. */
final class Samples {

  static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
  static final JobId ID = JobId.parse("0197739f-1c40-7abc-8def-0123456789ab");

  private Samples() {}

  static Job queued(JobSpec spec) {
    return Job.submit(ID, spec, null, false, NOW).job();
  }

  static Job queued() {
    return queued(JobSpec.of("echo", "1"));
  }

  /** Of an ordering key, whose line it holds when it has FAILED. */
  static JobSpec held() {
    return JobSpec.builder("echo", "1").orderingKey("k").onFailedHead(OnFailedHead.HOLD).build();
  }

  static Job in(JobState state) {
    return in(state, JobSpec.of("echo", "1"));
  }

  static Job in(JobState state, JobSpec spec) {
    Job queued = queued(spec);
    return switch (state) {
      case WAITING -> Job.submit(ID, spec, null, true, NOW).job();
      case SCHEDULED -> Job.submit(ID, spec, NOW.plusSeconds(60), false, NOW).job();
      case QUEUED -> queued;
      case RUNNING -> queued.start(NOW).after();
      case RETRYING -> queued.fail(new Failure("no luck", false), 0.5, NOW).after();
      case DONE -> queued.succeed("2", "it worked", NOW).after();
      case FAILED -> queued.fail(new Failure("no way", true), 0.5, NOW).after();
      case CANCELLED -> queued.cancel(NOW).after();
      case EXPIRED -> queued.expire(NOW).after();
      case SKIPPED -> in(JobState.WAITING).skip("fetch failed", NOW).after();
    };
  }

  /** What a verb makes of a job; a failure is not permanent. */
  static Transition after(Job job, Verb verb, Instant now) {
    return switch (verb) {
      case WAKE -> job.wake(now);
      case START -> job.start(now);
      case SUCCEED -> job.succeed("2", "it worked", now);
      case FAIL -> job.fail(new Failure("no luck", false), 0.5, now);
      case POSTPONE -> job.postpone(put(now.plusSeconds(30)), 0.5, now);
      case SUSPEND -> job.suspend(now.plusSeconds(60), "sleeps until later", now);
      case CANCEL -> job.cancel(now);
      case EXPIRE -> job.expire(now);
      case SKIP -> job.skip("fetch failed", now);
      case PASS -> job.pass(now);
      case RETRY -> job.retry(now);
      case REPLACE -> job.replace(job.spec(), now, now);
      case MOVE -> job.move(new Move(0, "another"), now);
      case RELEASE -> job.release(now);
      case RESCUE -> job.rescue(now);
    };
  }

  static Postponement put(Instant until) {
    return new Postponement(until, "it is full", "come again");
  }

  static Policy policy(int maxAttempts, int maxCrashes) {
    return new Policy(
        maxAttempts,
        Duration.ofMillis(500),
        Duration.ofMinutes(10),
        null,
        Duration.ofSeconds(60),
        maxCrashes);
  }

  static JobSpec spec(Policy policy) {
    return JobSpec.builder("echo", "1").policy(policy).build();
  }

  static JobSpec spec(Instant deadline) {
    return JobSpec.builder("echo", "1").deadline(deadline).build();
  }

  /** A QUEUED job with everything in it drawn by lot. */
  static Job randomQueued(Random random) {
    JobSpec spec = randomSpec(random);
    int attempt = 1 + random.nextInt(random.nextBoolean() ? 3 : Integer.MAX_VALUE);
    int failures = random.nextInt(random.nextBoolean() ? 3 : Integer.MAX_VALUE);
    int crashes = random.nextInt(random.nextBoolean() ? 3 : Integer.MAX_VALUE);
    boolean liftable = spec.deadline() != null && attempt > 1L + failures + crashes;
    return Job.builder(
            new JobId(new UUID(random.nextLong(), random.nextLong())), spec, randomInstant(random))
        .attempt(attempt)
        .failures(failures)
        .crashes(crashes)
        .updatedAt(randomInstant(random))
        .runAt(randomInstant(random))
        .deadlineLifted(liftable && random.nextBoolean())
        .build();
  }

  private static JobSpec randomSpec(Random random) {
    Map<String, String> labels = new HashMap<>();
    int count = random.nextInt(3) == 0 ? random.nextInt(17) : 0;
    while (labels.size() < count) {
      labels.put(
          randomName(random, "ABCxyz019", "ABCxyz019_.-"), randomText(random, random.nextInt(129)));
    }
    String type = randomName(random, "ABCxyz019", "ABCxyz019_.-");
    String queue = randomName(random, "abcxyz019", "abcxyz019_.-");
    String payload = randomText(random, random.nextInt(random.nextInt(100) == 0 ? 20_000 : 300));
    return JobSpec.builder(type, payload)
        .queue(queue)
        .priority(random.nextInt(10))
        .deadline(random.nextBoolean() ? null : randomInstant(random))
        .policy(random.nextBoolean() ? Policy.DEFAULT : randomPolicy(random))
        .labels(labels)
        .traceparent(
            random.nextBoolean() ? null : "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .build();
  }

  private static Policy randomPolicy(Random random) {
    long year = Duration.ofDays(366).toMillis();
    return new Policy(
        1 + random.nextInt(1000),
        randomDelays(random),
        random.nextBoolean() ? null : Duration.ofMillis(random.nextLong(year + 1)),
        Duration.ofMillis(1 + random.nextLong(Duration.ofHours(24).toMillis())),
        1 + random.nextInt(5));
  }

  private static RetryDelays randomDelays(Random random) {
    long year = Duration.ofDays(366).toMillis();
    long first = random.nextLong(year + 1);
    Duration backoff = Duration.ofMillis(first);
    Duration cap = Duration.ofMillis(random.nextLong(first, year + 1));
    Double jitter = random.nextBoolean() ? null : random.nextDouble();
    return switch (random.nextInt(4)) {
      case 0 -> RetryDelays.exponential(backoff, cap);
      case 1 -> RetryDelays.of(RetryDelays.Kind.EXPONENTIAL, backoff, cap, null, jitter);
      case 2 -> RetryDelays.of(RetryDelays.Kind.FIXED, backoff, null, null, jitter);
      default -> RetryDelays.of(null, null, null, randomList(random, year), jitter);
    };
  }

  private static List<Duration> randomList(Random random, long most) {
    return random
        .longs(1 + random.nextInt(RetryDelays.MOST_DELAYS), 0, most + 1)
        .mapToObj(Duration::ofMillis)
        .toList();
  }

  private static Instant randomInstant(Random random) {
    long seconds =
        random.nextInt(20) == 0
            ? random.nextLong(-9_000_000_000_000L, 9_000_000_000_000L)
            : random.nextLong(4_000_000_000L);
    return Instant.ofEpochSecond(seconds, random.nextInt(1_000_000_000))
        .truncatedTo(ChronoUnit.MICROS);
  }

  private static String randomName(Random random, String first, String rest) {
    StringBuilder name = new StringBuilder();
    name.append(first.charAt(random.nextInt(first.length())));
    for (int left = random.nextInt(64); left > 0; left--) {
      name.append(rest.charAt(random.nextInt(rest.length())));
    }
    return name.toString();
  }

  /** Letters of one, two, three and four bytes in UTF-8; never a control character. */
  private static String randomText(Random random, int length) {
    int[] letters = {'a', '"', '\\', ' ', 'é', 'Ω', '漢', '\u2028', 0x1F389, 0x10FFFF};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }
}
