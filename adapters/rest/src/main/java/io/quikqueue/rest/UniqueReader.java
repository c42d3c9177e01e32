package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Unique;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a job is to be the only one of: the field {@code unique}; used once. */
final class UniqueReader {

  static final String FIELD = "unique";

  private boolean given;
  private @Nullable String key;
  private Unique.@Nullable Within within;
  private @Nullable List<String> states;
  private @Nullable Duration holdsFor;
  private OnConflict.@Nullable Kind onConflict;
  private @Nullable Duration wait;
  private @Nullable Duration maxWait;

  void read(JsonReader json) throws IOException {
    given = !json.isNull();
    json.objectOrNull(FIELD, name -> field(json, name));
  }

  private void field(JsonReader json, String name) throws IOException {
    String field = FIELD + "." + name;
    switch (name) {
      case "key" -> key = json.string(field);
      case "within" -> within = Words.read(json, field, Unique.Within.class);
      case "states" -> states = json.strings(field, JobState.values().length);
      case "for" -> holdsFor = json.duration(field);
      case "on_conflict" -> onConflict = Words.read(json, field, OnConflict.Kind.class);
      case "debounce" -> json.objectOrNull(field, inner -> debounce(json, inner));
      default -> json.unknown(field);
    }
  }

  private void debounce(JsonReader json, String name) throws IOException {
    String field = FIELD + ".debounce." + name;
    switch (name) {
      case "wait" -> wait = json.duration(field);
      case "max_wait" -> maxWait = json.duration(field);
      default -> json.unknown(field);
    }
  }

  /**
   * What was read; null = the field is absent.
   *
   * @throws InvalidFieldException when a value is one that there cannot be
   */
  @Nullable Unique unique(String type, String queue, String payload) {
    if (!given) {
      return null;
    }
    Unique.Within where = within == null ? Unique.Within.QUEUE : within;
    return new Unique(where, key, slot(where, key, type, queue, payload), states(), holdsFor);
  }

  /** The same of a job with another queue or payload. */
  static Unique withSlot(Unique unique, String type, String queue, String payload) {
    return new Unique(
        unique.within(),
        unique.key(),
        slot(unique.within(), unique.key(), type, queue, payload),
        unique.states(),
        unique.holdsFor());
  }

  /** What makes a job unique: without a key its payload as it is now. */
  static @Nullable Unique ofPayload(JobSpec spec) {
    Unique unique = spec.unique();
    return unique == null || unique.key() != null
        ? unique
        : withSlot(unique, spec.type(), spec.queue(), spec.payload());
  }

  private static String slot(
      Unique.Within where, @Nullable String key, String type, String queue, String payload) {
    String scope = Words.of(where) + ":" + (where == Unique.Within.QUEUE ? queue : type);
    return Fingerprint.slot(scope, key, type, payload);
  }

  private Set<JobState> states() {
    if (states == null) {
      return Unique.UNTIL_ENDED;
    }
    Set<JobState> named = EnumSet.noneOf(JobState.class);
    for (int i = 0; i < states.size(); i++) {
      try {
        named.add(JobState.valueOf(states.get(i)));
      } catch (IllegalArgumentException e) {
        throw new InvalidFieldException(FIELD + ".states." + i, Words.oneOfNames(JobState.class));
      }
    }
    return named;
  }

  /** Likewise. */
  OnConflict onConflict() {
    OnConflict.Kind kind = onConflict == null ? OnConflict.Kind.REJECT : onConflict;
    return new OnConflict(kind, wait, maxWait);
  }
}
