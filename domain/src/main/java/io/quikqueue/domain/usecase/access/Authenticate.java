package io.quikqueue.domain.usecase.access;

import io.quikqueue.domain.access.Allowance;
import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyTable;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.access.Quota;
import io.quikqueue.domain.access.RateQuota;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.ApiKeys;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.InForce;
import io.quikqueue.domain.usecase.access.RefusedAccess.Reason;
import io.quikqueue.domain.usecase.user.TokenCallers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells who calls by the key or the access token that they send. A key counts as the store has it,
 * at most a second late; while the store cannot be reached, five seconds late at most.
 */
public final class Authenticate {

  /** How exactly the last use of a key is known. */
  private static final Duration USE_APART = Duration.ofMinutes(1);

  private final ApiKeys store;
  private final InForce<KeyTable> keys;
  private final InstantSource clock;
  private final @Nullable String adminHash;
  private final Map<String, RateQuota> rates = new ConcurrentHashMap<>();
  private final LongSupplier nanos;
  private final RefusedAccess refused;
  private final @Nullable TokenCallers tokens;
  private final Map<String, Instant> uses = new ConcurrentHashMap<>();
  private final Map<String, Instant> told = new ConcurrentHashMap<>();

  /**
   * @param clock the store's clock
   * @param nanos monotonic time
   * @param adminKey a text that opens everything, besides the keys of the store; null = none
   */
  public Authenticate(
      ApiKeys store, InstantSource clock, LongSupplier nanos, @Nullable String adminKey) {
    this(store, clock, nanos, adminKey, Meter.NONE, null);
  }

  /**
   * @param clock the store's clock
   * @param nanos monotonic time
   * @param adminKey a text that opens everything, besides the keys of the store; null = none
   * @param meter counts who was refused
   * @param tokens tells users by their access tokens; null = nobody does
   */
  public Authenticate(
      ApiKeys store,
      InstantSource clock,
      LongSupplier nanos,
      @Nullable String adminKey,
      Meter meter,
      @Nullable TokenCallers tokens) {
    this.refused = new RefusedAccess(meter, nanos);
    this.tokens = tokens;
    this.store = store;
    this.keys =
        InForce.upTo(
            Duration.ofSeconds(5),
            known -> store.table(known == null ? KeyTable.EMPTY : known),
            nanos);
    this.clock = clock;
    this.nanos = nanos;
    this.adminHash = adminKey == null ? null : KeyText.hash(adminKey);
  }

  /**
   * Who sends this key, or this access token.
   *
   * @return empty = nobody may call with it: it is unknown, wrong, expired or revoked
   * @throws UnavailableException when nobody can say, since the store cannot be reached
   */
  public Optional<Caller> caller(String sent, String address) {
    if (isAdminKey(sent)) {
      return Optional.of(Caller.known("admin-key", Role.ADMIN, address));
    }
    if (tokens != null && TokenCallers.isLike(sent)) {
      return tokens.caller(sent, address);
    }
    return KeyText.parse(sent).flatMap(text -> caller(text, address));
  }

  private Optional<Caller> caller(KeyText text, String address) {
    ApiKey key = keys.get().keys().get(text.id());
    if (key == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (!key.isOpenedBy(text.hash(), now)) {
      return Optional.empty();
    }
    noteUse(key.id(), now);
    String id = "key:" + key.id();
    return Optional.of(
        Caller.known(id, key.role(), key.scope(), address).within(allowance(key, id)));
  }

  /** Of the rate each process counts for itself. */
  private Allowance allowance(ApiKey key, String owner) {
    Quota quota = key.quota();
    if (quota.equals(Quota.NONE)) {
      return Allowance.ANY;
    }
    Rate rate = quota.rate();
    return Allowance.of(rate == null ? null : rateQuota(key.id(), rate), owner, quota.maxWaiting());
  }

  private RateQuota rateQuota(String id, Rate rate) {
    RateQuota quota = rates.computeIfAbsent(id, _ -> new RateQuota(rate, nanos));
    quota.change(rate);
    return quota;
  }

  /** Notes who was refused. */
  public RefusedAccess refused() {
    return refused;
  }

  /** Why nobody may call with a key for which {@link #caller} was empty; for the log alone. */
  public Reason whyNot(String sent) {
    if (tokens != null && TokenCallers.isLike(sent)) {
      return switch (tokens.whyNot(sent)) {
        case MALFORMED -> Reason.MALFORMED;
        case EXPIRED -> Reason.EXPIRED;
        case UNKNOWN -> Reason.UNKNOWN_OR_REVOKED;
      };
    }
    KeyText text = KeyText.parse(sent).orElse(null);
    if (text == null) {
      return Reason.MALFORMED;
    }
    ApiKey key = keys.get().keys().get(text.id());
    if (key == null) {
      return Reason.UNKNOWN_OR_REVOKED;
    }
    return key.state(clock.instant()) == ApiKey.State.EXPIRED
        ? Reason.EXPIRED
        : Reason.WRONG_SECRET;
  }

  private boolean isAdminKey(String sent) {
    return adminHash != null
        && MessageDigest.isEqual(
            adminHash.getBytes(StandardCharsets.US_ASCII),
            KeyText.hash(sent).getBytes(StandardCharsets.US_ASCII));
  }

  private void noteUse(String id, Instant now) {
    Instant before = told.get(id);
    if (before == null || before.plus(USE_APART).isBefore(now)) {
      uses.put(id, now);
    }
  }

  /**
   * Writes when keys were used last, to be called now and then.
   *
   * @throws UnavailableException then what is to be written is kept for the next call
   */
  public void writeUses() {
    refused.tellLeftOut();
    rates.keySet().retainAll(keys.get().keys().keySet());
    Map<String, Instant> now = new HashMap<>(uses);
    if (now.isEmpty()) {
      return;
    }
    store.used(now);
    told.putAll(now);
    now.forEach(uses::remove);
    told.keySet().retainAll(keys.get().keys().keySet());
  }
}
