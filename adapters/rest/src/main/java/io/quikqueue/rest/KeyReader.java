package io.quikqueue.rest;

import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.Quota;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.usecase.access.ManageKeys;
import io.quikqueue.domain.usecase.access.ManageKeys.Change;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what is asked of keys; each reader is used once. */
final class KeyReader {

  /** How long the secret before a rotated one counts on. */
  static final Duration USUAL_OVERLAP = Duration.ofHours(1);

  private @Nullable String name;
  private @Nullable Role role;
  private Set<String> queues = Scope.ALL.queues();
  private Set<String> types = Scope.ALL.types();
  private Scope scope = Scope.ALL;
  private @Nullable RateReader rate;
  private boolean rates;
  private @Nullable Integer maxWaiting;
  private boolean bounds;
  private @Nullable Instant expiresAt;
  private boolean expires;
  private Duration overlap = USUAL_OVERLAP;

  private KeyReader() {}

  /**
   * A key that is to be made.
   *
   * @param expiresAt null = never
   */
  record NewKey(String name, Role role, Scope scope, Quota quota, @Nullable Instant expiresAt) {}

  /**
   * Reads {@code {"name", "role", "queues"?, "types"?, "rate"?, "max_waiting"?, "expires_at"?}}.
   */
  static NewKey created(String json) {
    KeyReader reader = new KeyReader();
    JsonReader.read(json, Source.START, reader::create);
    return new NewKey(
        Objects.requireNonNull(reader.name),
        Objects.requireNonNull(reader.role),
        reader.scope,
        reader.quota(),
        reader.expiresAt);
  }

  /**
   * Reads {@code {"name"?, "rate"?, "max_waiting"?, "expires_at"?}}; null = any number, and a key
   * that never expires.
   */
  static Change changed(String json) {
    KeyReader reader = new KeyReader();
    JsonReader.read(json, Source.START, reader::change);
    Quota checked = reader.quota();
    return new Change(
        reader.name,
        reader.expires,
        reader.expiresAt,
        quota ->
            new Quota(
                reader.rates ? checked.rate() : quota.rate(),
                reader.bounds ? checked.maxWaiting() : quota.maxWaiting()));
  }

  /** Reads {@code {"overlap"?}}. */
  static Duration rotated(String json) {
    KeyReader reader = new KeyReader();
    JsonReader.read(json, Source.START, reader::rotate);
    return reader.overlap;
  }

  private void create(JsonReader json) throws IOException {
    json.object(
        "",
        field -> {
          switch (field) {
            case "role" -> role = Words.read(json, field, Role.class);
            case "queues" -> queues = patterns(json, field, queues);
            case "types" -> types = patterns(json, field, types);
            default -> changeable(json, field);
          }
        });
    if (name == null) {
      json.missing("name");
    }
    if (role == null) {
      json.missing("role");
    }
    try {
      scope = new Scope(queues, types);
    } catch (InvalidFieldException e) {
      json.error(Problems.invalidValue(e.field(), e.problem()));
    }
  }

  /** One at least: a key for no job would open nothing. */
  private static Set<String> patterns(JsonReader json, String field, Set<String> before)
      throws IOException {
    List<String> given = json.strings(field, Scope.MOST);
    if (given == null) {
      return before;
    }
    Set<String> patterns = new TreeSet<>(given);
    if (patterns.isEmpty()) {
      json.error(Problems.invalidValue(field, "must have at least one pattern"));
    }
    return patterns;
  }

  private void change(JsonReader json) throws IOException {
    json.object("", field -> changeable(json, field));
    if (name == null && !expires && !rates && !bounds) {
      json.error(
          Problems.invalidValue("body", "must have a name, rate, max_waiting or expires_at"));
    }
  }

  private void changeable(JsonReader json, String field) throws IOException {
    switch (field) {
      case "name" -> name(json, field);
      case "expires_at" -> {
        expires = true;
        expiresAt = json.instant(field);
      }
      case "rate" -> {
        rates = true;
        rate = RateReader.read(json, field);
      }
      case "max_waiting" -> {
        bounds = true;
        maxWaiting = json.integer(field);
      }
      default -> json.unknown(field);
    }
  }

  private Quota quota() {
    return new Quota(rate == null ? null : rate.rate(), maxWaiting);
  }

  private void name(JsonReader json, String field) throws IOException {
    name = json.string(field);
    try {
      if (name != null) {
        ApiKey.requireName(name);
      }
    } catch (InvalidFieldException e) {
      json.error(Problems.invalidValue(field, e.problem()));
    }
  }

  private void rotate(JsonReader json) throws IOException {
    json.object(
        "",
        field -> {
          if (field.equals("overlap")) {
            Duration asked = json.duration(field, ManageKeys.LONGEST_OVERLAP);
            overlap = asked == null ? overlap : asked;
          } else {
            json.unknown(field);
          }
        });
  }
}
