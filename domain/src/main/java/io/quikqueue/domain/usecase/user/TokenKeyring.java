package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.AccessToken;
import io.quikqueue.domain.access.TokenKey;
import io.quikqueue.domain.hash.Sha256;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.limit.TokenBucket;
import io.quikqueue.domain.port.TokenKeys;
import io.quikqueue.domain.usecase.InForce;
import io.quikqueue.domain.usecase.user.TokenCallers.Fault;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs access tokens, and knows the keys that do. Each process that signs has a key of its own,
 * whose private half stays in its memory, and publishes the public half in the store.
 */
public final class TokenKeyring {

  /** How long a process signs with one key. */
  private static final Duration SIGNS = Duration.ofDays(1);

  /** How long before it is used the next one is published, and how long it stays behind. */
  private static final Duration MARGIN = Duration.ofHours(1);

  /** How often unknown keys are looked for. */
  private static final Rate ASKS = new Rate(10, Duration.ofSeconds(1), 10);

  private static final int ID_CHARS = 16;

  private final TokenKeys store;
  private final InForce<List<TokenKey>> published;
  private final InstantSource clock;
  private final Supplier<KeyPair> pairs;
  private final LongSupplier nanos;
  private final TokenBucket asks = new TokenBucket(); // guarded by itself
  private final ReentrantLock renewing = new ReentrantLock();
  private volatile @Nullable Own own; // written by who renews
  private volatile @Nullable Own next; // likewise

  private record Own(KeyPair pair, TokenKey key) {
    Instant signsUntil() {
      return key.createdAt().plus(SIGNS);
    }
  }

  /**
   * @param clock the store's clock
   * @param nanos monotonic time
   * @param pairs makes pairs of Ed25519
   */
  public TokenKeyring(
      TokenKeys store, InstantSource clock, LongSupplier nanos, Supplier<KeyPair> pairs) {
    this.store = store;
    this.clock = clock;
    this.nanos = nanos;
    this.pairs = pairs;
    this.published = InForce.upTo(Duration.ofSeconds(5), _ -> store.list(clock.instant()), nanos);
  }

  /**
   * Publishes the next key in time before that which signs has served, if there is one; to be
   * called every few minutes. Throws {@link io.quikqueue.domain.port.UnavailableException} when the
   * store cannot be reached.
   */
  public void renew() {
    if (own != null && renewing.tryLock()) {
      try {
        renewed();
      } finally {
        renewing.unlock();
      }
    }
  }

  /** The key that signs. Only who finds none publishes one, and waits for the store. */
  private Own usable() {
    Own current = own;
    if (current != null && clock.instant().isBefore(current.signsUntil())) {
      return current;
    }
    renewing.lock();
    try {
      return renewed();
    } finally {
      renewing.unlock();
    }
  }

  private Own renewed() {
    Instant now = clock.instant();
    Own current = own;
    Own waiting = next;
    if (waiting != null && (current == null || !now.isBefore(current.signsUntil()))) {
      current = waiting;
      own = waiting;
      next = null;
    }
    if (current == null || !now.isBefore(current.signsUntil())) {
      current = published(now);
      own = current;
    } else if (next == null && !now.isBefore(current.signsUntil().minus(MARGIN))) {
      next = published(now);
    }
    return current;
  }

  private Own published(Instant now) {
    KeyPair pair = pairs.get();
    String encoded = HexFormat.of().formatHex(pair.getPublic().getEncoded());
    Instant from = now.truncatedTo(ChronoUnit.MICROS);
    TokenKey key =
        new TokenKey(
            Sha256.hex(encoded).substring(0, ID_CHARS),
            encoded,
            from,
            from.plus(SIGNS).plus(MARGIN.multipliedBy(2)));
    store.publish(key);
    return new Own(pair, key);
  }

  /** The text of a token. */
  String sign(AccessToken token) {
    Own signer = usable();
    String toSign = token.toSign(signer.key().id());
    try {
      Signature signature = Signature.getInstance(TokenKey.ALGORITHM);
      signature.initSign(signer.pair().getPrivate());
      signature.update(toSign.getBytes(StandardCharsets.US_ASCII));
      return AccessToken.text(toSign, signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot sign with Ed25519", e);
    }
  }

  /** What a text says if it is a token that was signed by one of the keys, and counts. */
  Optional<AccessToken> verified(String text) {
    return AccessToken.parse(text)
        .flatMap(this::signed)
        .filter(token -> token.isValid(clock.instant()));
  }

  private Optional<AccessToken> signed(AccessToken.Unverified token) {
    return find(token.keyId()).flatMap(token::verified);
  }

  /** What is wrong with a text that is not {@link #verified}, or whose session has ended. */
  Fault fault(String text) {
    Optional<AccessToken.Unverified> parsed = AccessToken.parse(text);
    if (parsed.isEmpty()) {
      return Fault.MALFORMED;
    }
    return parsed
        .flatMap(this::signed)
        .filter(token -> !token.isValid(clock.instant()))
        .map(_ -> Fault.EXPIRED)
        .orElse(Fault.UNKNOWN);
  }

  private Optional<TokenKey> find(String id) {
    return ownKey(id)
        .or(() -> find(published.get(), id))
        .or(() -> mayAsk() ? find(published.getAnew(), id) : Optional.empty());
  }

  private static Optional<TokenKey> find(List<TokenKey> keys, String id) {
    return keys.stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /** A key may have been published a moment ago; who makes keys up costs the store little. */
  private boolean mayAsk() {
    synchronized (asks) {
      long now = nanos.getAsLong();
      boolean may = asks.wait(ASKS, 1, now) == 0;
      if (may) {
        asks.take(ASKS, 1, now);
      }
      return may;
    }
  }

  private Optional<TokenKey> ownKey(String id) {
    return Optional.ofNullable(own).map(Own::key).filter(key -> key.id().equals(id));
  }

  /** The keys by which tokens can be verified. */
  public List<TokenKey> published() {
    return published.get();
  }
}
