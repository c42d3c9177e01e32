package io.quikqueue.domain.job;

/**
 * The form of an encrypted text: {@code enc1:KEY:BASE64}, which no JSON text begins like. Key is
 * the id of the key, not the key.
 */
public final class SealedText {

  private static final String MARK = "enc1:";

  private SealedText() {}

  /** Whether this is encrypted, rather than a JSON text. */
  public static boolean isSealed(String text) {
    return text.startsWith(MARK) && text.indexOf(':', MARK.length()) > 0;
  }

  /** An encrypted text. */
  public static String of(String keyId, String base64) {
    return MARK + keyId + ':' + base64;
  }

  /** The id of the key that a sealed text is encrypted with. */
  public static String keyId(String sealed) {
    return sealed.substring(MARK.length(), sealed.indexOf(':', MARK.length()));
  }

  /** What is behind the id of the key. */
  public static String base64(String sealed) {
    return sealed.substring(sealed.indexOf(':', MARK.length()) + 1);
  }
}
