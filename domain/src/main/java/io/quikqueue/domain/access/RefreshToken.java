package io.quikqueue.domain.access;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client sends for new tokens: {@code qr_SESSION_SEED_NONCE}. The seed stays as long as the
 * session and shows that this service gave the token out; the nonce counts once.
 */
public final class RefreshToken {

  /** How many random bytes make the token of a new session. */
  public static final int BYTES = 80;

  private static final int ID_BYTES = 16;
  private static final int PART = 32;
  private static final Pattern FORM =
      Pattern.compile("qr_([0-9a-f]{32})_([A-Za-z0-9_-]{43})_([A-Za-z0-9_-]{43})");

  private final String session;
  private final String seed;
  private final String nonce;

  private RefreshToken(String session, String seed, String nonce) {
    this.session = session;
    this.seed = seed;
    this.nonce = nonce;
  }

  /**
   * Of a new session.
   *
   * @param random {@link #BYTES} that nobody can guess
   */
  public static RefreshToken of(byte[] random) {
    if (random.length != BYTES) {
      throw new IllegalArgumentException("a token is made of " + BYTES + " bytes");
    }
    return new RefreshToken(
        HexFormat.of().formatHex(random, 0, ID_BYTES),
        text(random, ID_BYTES),
        text(random, ID_BYTES + PART));
  }

  /** The token that follows this one, of as many bytes as {@link #of}. */
  public RefreshToken next(byte[] random) {
    return new RefreshToken(session, seed, of(random).nonce);
  }

  private static String text(byte[] random, int from) {
    byte[] part = new byte[PART];
    System.arraycopy(random, from, part, 0, PART);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
  }

  /** The token that a text is; empty when it is none. */
  public static Optional<RefreshToken> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new RefreshToken(matcher.group(1), matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  /** The session's id, which is no secret. */
  public String session() {
    return session;
  }

  /** What the client is to send. */
  public String text() {
    return "qr_" + session + '_' + seed + '_' + nonce;
  }

  String seedHash() {
    return KeyText.hash(seed);
  }

  String nonceHash() {
    return KeyText.hash(nonce);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "qr_" + session + "_…";
  }
}
