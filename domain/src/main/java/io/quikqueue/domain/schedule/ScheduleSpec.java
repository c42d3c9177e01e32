package io.quikqueue.domain.schedule;

import io.quikqueue.domain.hash.Sha256;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Unique;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked a schedule to do.
 *
 * @param job what each fire starts; its payload may have {@code {"$schedule": "scheduled_at"}} and
 *     {@code {"$schedule": "actual_at"}} in the place of values
 * @param onConflict what a fire does when another job holds the {@code unique} slot of its own
 * @param jitter each fire is late by a part of it, which its name and time decide; whole
 *     milliseconds, at most a day
 * @param remaining how often it fires still; null = without end
 * @param pauseAfter it is paused when so many jobs have failed one after another; null = never
 */
public record ScheduleSpec(
    Timing timing,
    JobSpec job,
    OnConflict onConflict,
    OverlapPolicy overlap,
    CatchUp catchUp,
    Duration jitter,
    @Nullable Integer remaining,
    @Nullable Integer pauseAfter) {

  /** The longest payload of a job, in characters. */
  public static final int MOST_PAYLOAD = 64 << 10;

  /** The label of a job that names the schedule. */
  public static final String LABEL = "schedule";

  private static final Duration LONGEST_JITTER = Duration.ofDays(1);
  private static final int MOST = 1_000_000;
  private static final int MOST_LABELS = 15;

  /** In JSON this can only be an object: within a string the quotes have backslashes. */
  private static final Pattern PLACE =
      Pattern.compile("\\{\\s*\"\\$schedule\"\\s*:\\s*\"(scheduled_at|actual_at)\"\\s*}");

  public ScheduleSpec {
    jitter = jitter.truncatedTo(ChronoUnit.MILLIS);
    if (jitter.isNegative() || jitter.compareTo(LONGEST_JITTER) > 0) {
      throw new InvalidFieldException("jitter", "must be from 0 to 1 day");
    }
    if (remaining != null && (remaining < 1 || remaining > MOST)) {
      throw new InvalidFieldException("remaining", "must be from 1 to " + MOST);
    }
    if (pauseAfter != null && (pauseAfter < 1 || pauseAfter > MOST)) {
      throw new InvalidFieldException("pause_after_failures", "must be from 1 to " + MOST);
    }
    if (job.payload().length() > MOST_PAYLOAD) {
      throw new InvalidFieldException(
          "job.payload", "must be at most %d characters".formatted(MOST_PAYLOAD));
    }
    if (job.labels().containsKey(LABEL)) {
      throw new InvalidFieldException("job.labels." + LABEL, "is set to the name of the schedule");
    }
    if (job.labels().size() > MOST_LABELS) {
      throw new InvalidFieldException("job.labels", "must be at most " + MOST_LABELS);
    }
  }

  /** The same with another job. */
  public ScheduleSpec withJob(JobSpec other) {
    return new ScheduleSpec(
        timing, other, onConflict, overlap, catchUp, jitter, remaining, pauseAfter);
  }

  /** The job that a fire of the schedule of this name starts. */
  JobSpec jobOf(String name, Instant scheduledAt, Instant actualAt) {
    Map<String, String> labels = new HashMap<>(job.labels());
    labels.put(LABEL, name);
    String filled = payload(job.payload(), scheduledAt, actualAt);
    return job.toBuilder().labels(labels).payload(filled).unique(unique(filled)).build();
  }

  /** One that is unique by its payload is so by the one with the times. */
  private @Nullable Unique unique(String filled) {
    Unique unique = job.unique();
    return unique == null || unique.key() != null || filled.equals(job.payload())
        ? unique
        : new Unique(
            unique.within(),
            null,
            Sha256.hex(unique.slot() + filled),
            unique.states(),
            unique.holdsFor());
  }

  /** The same as a sample of the jobs that fires start. */
  public JobSpec sample(Instant now) {
    return job.toBuilder().payload(payload(job.payload(), now, now)).build();
  }

  /** How many places a payload has that are filled in with times. */
  public static long places(String payload) {
    return PLACE.matcher(payload).results().count();
  }

  private static String payload(String text, Instant scheduledAt, Instant actualAt) {
    if (!text.contains("$schedule")) {
      return text;
    }
    return PLACE
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    "\"" + (match.group(1).equals("actual_at") ? actualAt : scheduledAt) + "\""));
  }

  /** How much later than its time a fire is, at most until the next one. */
  Duration delay(String name, Instant at) {
    return jitter.isZero() ? Duration.ZERO : delay(name, at, timing.next(at));
  }

  /**
   * The same of which the following fire time is known.
   *
   * @param following null = there is none
   */
  Duration delay(String name, Instant at, @Nullable Instant following) {
    if (jitter.isZero()) {
      return Duration.ZERO;
    }
    long most = jitter.toMillis();
    if (following != null) {
      most = Math.min(most, following.toEpochMilli() - at.toEpochMilli());
    }
    long hash = name.hashCode() * 0x9E3779B97F4A7C15L + at.toEpochMilli();
    hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
    return Duration.ofMillis(Math.floorMod(hash ^ hash >>> 31, Math.max(1, most)));
  }
}
