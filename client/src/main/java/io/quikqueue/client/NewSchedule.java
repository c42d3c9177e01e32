package io.quikqueue.client;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A schedule to set. Immutable; each method returns a copy with one thing more said. */
public final class NewSchedule {

  private final Map<String, Object> fields;

  private NewSchedule(Map<String, Object> fields) {
    this.fields = fields;
  }

  /** Submits a job at the times of one or several cron expressions, up to 16. */
  public static NewSchedule cron(NewJob job, String... expressions) {
    return of(job).with("cron", List.of(expressions));
  }

  /** Submits a job once in each interval, from a second to 366 days. */
  public static NewSchedule every(NewJob job, Duration interval) {
    return of(job).with("every", interval.toString());
  }

  /** Submits a job once. */
  public static NewSchedule at(NewJob job, Instant time) {
    return of(job).with("at", time.toString());
  }

  private static NewSchedule of(NewJob job) {
    return new NewSchedule(Map.of("job", job.fields()));
  }

  /** The time zone; otherwise UTC. */
  public NewSchedule zone(ZoneId zone) {
    return with("zone", zone.getId());
  }

  /** Days or cron expressions at which it does not fire, up to 100. */
  public NewSchedule exclude(String... times) {
    return with("exclude", List.of(times));
  }

  /** No fire before. */
  public NewSchedule start(Instant time) {
    return with("start", time.toString());
  }

  /** No fire after. */
  public NewSchedule end(Instant time) {
    return with("end", time.toString());
  }

  /** What becomes of a fire while the job before has not ended; otherwise {@code skip}. */
  public NewSchedule overlap(String policy) {
    return with("overlap", policy);
  }

  /** What becomes of times that passed while no scheduler ran; otherwise {@code last}. */
  public NewSchedule catchUp(String policy) {
    return with("catch_up", policy);
  }

  /** Each fire is late by a part of this. */
  public NewSchedule jitter(Duration most) {
    return with("jitter", most.toString());
  }

  /** How often it fires; otherwise without end. */
  public NewSchedule remaining(int fires) {
    return with("remaining", fires);
  }

  /** It is paused when so many jobs have failed one after another. */
  public NewSchedule pauseAfterFailures(int failures) {
    return with("pause_after_failures", failures);
  }

  /** Any other field of the REST API. */
  public NewSchedule with(String field, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(field, value);
    return new NewSchedule(more);
  }

  Map<String, Object> fields() {
    return fields;
  }
}
