package io.quikqueue.domain.access;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JWT of this service (RFC 7519, 9068). It has one form: header and claims are compared and read
 * as this class writes them, and the claims only once the signature holds. So no other algorithm or
 * type of token can be passed off as one (RFC 8725).
 *
 * @param userId who is signed in
 * @param session in which
 */
public record AccessToken(String userId, String session, Instant issuedAt, Instant expiresAt) {

  /** The longest text that is looked at. */
  private static final int MOST_CHARS = 1_000;

  private static final Pattern HEADER =
      Pattern.compile("\\{\"alg\":\"EdDSA\",\"typ\":\"at\\+jwt\",\"kid\":\"([0-9a-f]{16})\"}");
  private static final Pattern CLAIMS =
      Pattern.compile(
          "\\{\"iss\":\"quikqueue\",\"aud\":\"quikqueue\",\"sub\":\"([0-9a-f]{16})\","
              + "\"sid\":\"([0-9a-f]{32})\",\"iat\":([0-9]{1,11}),\"exp\":([0-9]{1,11})"
              + "(?:,.*)?}"); // what a later version adds

  /** A text that looks like a token, whose signature is yet to be verified. */
  public record Unverified(String keyId, String claims, byte[] signed, byte[] signature) {

    /** What it says, if this key signed it. */
    public Optional<AccessToken> verified(TokenKey key) {
      if (!key.id().equals(keyId) || !key.verifies(signed, signature)) {
        return Optional.empty();
      }
      Matcher matcher = CLAIMS.matcher(claims);
      return matcher.matches()
          ? Optional.of(
              new AccessToken(
                  matcher.group(1),
                  matcher.group(2),
                  Instant.ofEpochSecond(Long.parseLong(matcher.group(3))),
                  Instant.ofEpochSecond(Long.parseLong(matcher.group(4)))))
          : Optional.empty();
    }

    /** Without any of it. */
    @Override
    public String toString() {
      return "token signed by " + keyId;
    }
  }

  /** What is to be signed for this token. */
  public String toSign(String keyId) {
    return encoded("{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"" + keyId + "\"}")
        + '.'
        + encoded(
            "{\"iss\":\"quikqueue\",\"aud\":\"quikqueue\",\"sub\":\"%s\",\"sid\":\"%s\",\"iat\":%d,\"exp\":%d}"
                .formatted(userId, session, issuedAt.getEpochSecond(), expiresAt.getEpochSecond()));
  }

  /** The token. */
  public static String text(String toSign, byte[] signature) {
    return toSign + '.' + encoder().encodeToString(signature);
  }

  /** Reads a text as a token; empty when it is none of this service's form. */
  public static Optional<Unverified> parse(String text) {
    String[] parts = text.length() > MOST_CHARS ? new String[0] : text.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      Matcher header = HEADER.matcher(decoded(parts[0]));
      return header.matches()
          ? Optional.of(
              new Unverified(
                  header.group(1),
                  decoded(parts[1]),
                  (parts[0] + '.' + parts[1]).getBytes(StandardCharsets.US_ASCII),
                  Base64.getUrlDecoder().decode(parts[2])))
          : Optional.empty();
    } catch (IllegalArgumentException e) { // no base64url
      return Optional.empty();
    }
  }

  private static String encoded(String json) {
    return encoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private static Base64.Encoder encoder() {
    return Base64.getUrlEncoder().withoutPadding();
  }

  public boolean isValid(Instant now) {
    return now.isBefore(expiresAt);
  }
}
