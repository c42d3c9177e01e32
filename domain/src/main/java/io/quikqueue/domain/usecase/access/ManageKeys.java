package io.quikqueue.domain.usecase.access;

import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.access.Quota;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.ApiKeys;
import io.quikqueue.domain.usecase.Caller;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Creates, shows, changes and revokes keys, in force on every process within a second. All methods
 * throw {@link io.quikqueue.domain.port.UnavailableException} when the store cannot be reached.
 */
public final class ManageKeys {

  /** How long the secret before a rotated one may count on. */
  public static final Duration LONGEST_OVERLAP = Duration.ofDays(30);

  private static final Logger LOG = System.getLogger(ManageKeys.class.getName());

  private final ApiKeys keys;
  private final InstantSource clock;
  private final Supplier<byte[]> random;

  /** A key and its text, which nobody is told again. */
  public record IssuedKey(ApiKey key, KeyText text) {}

  /**
   * @param clock the store's clock
   * @param random {@link KeyText#BYTES} that nobody can guess
   */
  public ManageKeys(ApiKeys keys, InstantSource clock, Supplier<byte[]> random) {
    this.keys = keys;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Creates a key. Its role and scope stay: who needs others needs another key.
   *
   * @param expiresAt null = never
   * @throws InvalidFieldException when a field is wrong, or there are too many keys
   */
  public IssuedKey create(
      Caller caller,
      String name,
      Role role,
      Scope scope,
      Quota quota,
      @Nullable Instant expiresAt) {
    requireFuture(expiresAt);
    KeyText text = KeyText.of(random.get());
    ApiKey key = ApiKey.created(text, name, role, scope, quota, expiresAt, now(), caller.id());
    if (!keys.create(key)) {
      throw new InvalidFieldException(
          "name", "there are %d keys already; revoke one first".formatted(ApiKeys.MOST));
    }
    log("created", key, caller);
    return new IssuedKey(key, text);
  }

  /** So that the log says who did what; the caller is not in the store. */
  private static void log(String what, ApiKey key, Caller caller) {
    LOG.log(
        Level.INFO,
        () ->
            "event=key_%s key=%s role=%s by=%s from=%s"
                .formatted(what, key.id(), key.role(), caller.id(), caller.address()));
  }

  public Optional<ApiKey> find(Caller caller, String id) {
    return KeyText.isId(id) ? keys.find(id) : Optional.empty();
  }

  /**
   * Keys in the order of their ids, those that were revoked in the last 30 days among them.
   *
   * @param after null = from the first
   */
  public List<ApiKey> list(Caller caller, @Nullable String after, int limit) {
    return keys.list(after, limit);
  }

  /** Whether there is no key at all. */
  public boolean hasNone() {
    return keys.list(null, 1).isEmpty();
  }

  /**
   * What is to be changed of a key.
   *
   * @param name null = it stays
   * @param expires whether its end is changed
   * @param quota makes what it is to be of what it is
   */
  public record Change(
      @Nullable String name,
      boolean expires,
      @Nullable Instant expiresAt,
      UnaryOperator<Quota> quota) {

    /** The quota stays. */
    public Change(@Nullable String name, boolean expires, @Nullable Instant expiresAt) {
      this(name, expires, expiresAt, UnaryOperator.identity());
    }
  }

  /** Changes the name, the end and the quota of a key; empty = unknown, or revoked. */
  public Optional<ApiKey> change(Caller caller, String id, Change change) {
    requireFuture(change.expiresAt());
    return told(
        "changed",
        caller,
        change(
            id,
            key -> {
              if (key.revokedAt() != null) {
                return key;
              }
              ApiKey limited = key.limited(change.quota().apply(key.quota()));
              ApiKey named = change.name() == null ? limited : limited.renamed(change.name());
              return change.expires() ? named.expiring(change.expiresAt()) : named;
            }));
  }

  /**
   * Gives a key another secret.
   *
   * @param overlap how long the one before counts on
   * @return empty = unknown, or revoked
   */
  public Optional<IssuedKey> rotate(Caller caller, String id, Duration overlap) {
    KeyText text = KeyText.ofSecret(id, random.get());
    Instant until = now().plus(overlap);
    return told(
            "rotated",
            caller,
            change(id, key -> key.revokedAt() != null ? key : key.rotated(text.hash(), until)))
        .map(key -> new IssuedKey(key, text));
  }

  /** Revokes a key for good; empty = unknown. */
  public Optional<ApiKey> revoke(Caller caller, String id) {
    Instant now = now();
    Optional<ApiKey> revoked = change(id, key -> key.revoked(now));
    revoked.ifPresent(key -> log("revoked", key, caller));
    return revoked;
  }

  public ApiKey.State state(ApiKey key) {
    return key.state(clock.instant());
  }

  /** A database may take an id for another one that ends in a blank. */
  private Optional<ApiKey> change(String id, UnaryOperator<ApiKey> change) {
    return KeyText.isId(id) ? keys.change(id, change) : Optional.empty();
  }

  /** Empty when it is revoked, and so was not changed. */
  private static Optional<ApiKey> told(String what, Caller caller, Optional<ApiKey> key) {
    Optional<ApiKey> changed = key.filter(each -> each.revokedAt() == null);
    changed.ifPresent(each -> log(what, each, caller));
    return changed;
  }

  private void requireFuture(@Nullable Instant expiresAt) {
    if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
      throw new InvalidFieldException("expires_at", "must be in the future");
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
