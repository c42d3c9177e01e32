package io.quikqueue.domain.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * That a user is signed in, from a login to its end. One refresh token counts at a time.
 *
 * @param id 32 hex digits
 * @param seedHash of the part that all its refresh tokens have
 * @param nonceHash of the part of the one that counts
 * @param passwordAt when the password was set that began it, see {@link User}
 * @param expiresAt after that much time without a refresh
 */
public record Session(
    String id,
    String userId,
    String seedHash,
    String nonceHash,
    Instant passwordAt,
    Instant createdAt,
    Instant expiresAt) {

  /** How a refresh token stands to the session. */
  public enum Fit {
    /** It is the one that counts. */
    CURRENT,
    /** It counted before: somebody has a copy. */
    REUSED,
    /** This service never gave it out. */
    FOREIGN
  }

  /** A new session. */
  public static Session begun(RefreshToken token, User user, Instant now, Instant expiresAt) {
    return new Session(
        token.session(),
        user.id(),
        token.seedHash(),
        token.nonceHash(),
        user.passwordAt(),
        now,
        expiresAt);
  }

  /** How a token stands to it; in the same time for each. */
  public Fit fit(RefreshToken token) {
    boolean ours = same(seedHash, token.seedHash());
    boolean current = same(nonceHash, token.nonceHash());
    return !ours ? Fit.FOREIGN : current ? Fit.CURRENT : Fit.REUSED;
  }

  private static boolean same(String hash, String other) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  /** With another token that counts. */
  public Session rotated(RefreshToken to, Instant newExpiry) {
    return new Session(id, userId, seedHash, to.nonceHash(), passwordAt, createdAt, newExpiry);
  }

  /** Whether it goes on at this time. */
  public boolean isLive(Instant now) {
    return now.isBefore(expiresAt);
  }

  /** Without hashes. */
  @Override
  public String toString() {
    return "session " + id + " of user " + userId;
  }
}
