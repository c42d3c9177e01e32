package io.quikqueue.domain.access;

import io.quikqueue.domain.job.InvalidFieldException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key by which a program is known.
 *
 * @param id 16 hex digits
 * @param name for people, 1 to 100 characters
 * @param role what its callers may do
 * @param scope the jobs that they may do it with; an admin has to do with all
 * @param quota how many jobs they may make
 * @param hash of its secret, see {@link KeyText#hash()}
 * @param former the secret before this one, for as long as it counts; null = none
 * @param by who created it
 * @param expiresAt null = never
 * @param revokedAt null = it was not
 * @param usedAt about when it was used last; null = never
 */
public record ApiKey(
    String id,
    String name,
    Role role,
    Scope scope,
    Quota quota,
    String hash,
    @Nullable PreviousSecret former,
    Instant createdAt,
    String by,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Instant usedAt) {

  private static final int MOST_CHARS = 100;

  /** A secret that counts until then. */
  public record PreviousSecret(String hash, Instant until) {

    /** Without the hash. */
    @Override
    public String toString() {
      return "until " + until;
    }
  }

  /** Whether a key opens anything. */
  public enum State {
    ACTIVE,
    EXPIRED,
    REVOKED
  }

  public ApiKey {
    requireName(name);
    if (role == Role.ADMIN && !scope.isAll()) {
      throw new InvalidFieldException("role", "cannot be admin for a key with a scope");
    }
  }

  /** A new key for all jobs. */
  public static ApiKey created(
      KeyText text, String name, Role role, @Nullable Instant expiresAt, Instant now, String by) {
    return created(text, name, role, Scope.ALL, Quota.NONE, expiresAt, now, by);
  }

  /** A new key. */
  public static ApiKey created(
      KeyText text,
      String name,
      Role role,
      Scope scope,
      Quota quota,
      @Nullable Instant expiresAt,
      Instant now,
      String by) {
    return new ApiKey(
        text.id(), name, role, scope, quota, text.hash(), null, now, by, expiresAt, null, null);
  }

  /** Throws an {@link InvalidFieldException} when a key cannot have this name. */
  public static void requireName(String name) {
    boolean fits =
        !name.isBlank()
            && name.length() <= MOST_CHARS
            && name.codePoints().noneMatch(ApiKey::isUnprintable);
    if (!fits) {
      throw new InvalidFieldException(
          "name", "must have 1 to " + MOST_CHARS + " characters, none of them a control character");
    }
  }

  private static boolean isUnprintable(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL || type == Character.SURROGATE || type == Character.FORMAT;
  }

  public State state(Instant now) {
    if (revokedAt != null) {
      return State.REVOKED;
    }
    return expiresAt != null && !now.isBefore(expiresAt) ? State.EXPIRED : State.ACTIVE;
  }

  /** Whether a secret with this hash opens what the key may. Takes the same time for each. */
  public boolean isOpenedBy(String secretHash, Instant now) {
    boolean current = same(hash, secretHash);
    boolean before =
        former != null && same(former.hash(), secretHash) && now.isBefore(former.until());
    return (current || before) && state(now) == State.ACTIVE;
  }

  private static boolean same(String hash, String other) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  public ApiKey renamed(String to) {
    return new ApiKey(
        id, to, role, scope, quota, hash, former, createdAt, by, expiresAt, revokedAt, usedAt);
  }

  public ApiKey limited(Quota to) {
    return new ApiKey(
        id, name, role, scope, to, hash, former, createdAt, by, expiresAt, revokedAt, usedAt);
  }

  public ApiKey expiring(@Nullable Instant at) {
    return new ApiKey(
        id, name, role, scope, quota, hash, former, createdAt, by, at, revokedAt, usedAt);
  }

  /**
   * With another secret; the one before counts until then. Again with the same it stays as it is.
   */
  public ApiKey rotated(String to, Instant until) {
    return hash.equals(to)
        ? this
        : new ApiKey(
            id,
            name,
            role,
            scope,
            quota,
            to,
            new PreviousSecret(hash, until),
            createdAt,
            by,
            expiresAt,
            revokedAt,
            usedAt);
  }

  /** Revoked, unless it was before. */
  public ApiKey revoked(Instant now) {
    return revokedAt != null
        ? this
        : new ApiKey(
            id, name, role, scope, quota, hash, null, createdAt, by, expiresAt, now, usedAt);
  }

  public ApiKey used(Instant at) {
    return new ApiKey(
        id, name, role, scope, quota, hash, former, createdAt, by, expiresAt, revokedAt, at);
  }

  /** Without hashes. */
  @Override
  public String toString() {
    return "key " + id + " (" + role + ")";
  }
}
