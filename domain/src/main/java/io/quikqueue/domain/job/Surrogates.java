package io.quikqueue.domain.job;

/** Tells text that can be written as UTF-8 from text that would come back with question marks. */
public final class Surrogates {

  private Surrogates() {}

  /** Whether no half of a surrogate pair stands alone. */
  public static boolean paired(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /**
   * The first characters of a text, at most so many, without half of a surrogate pair at the end.
   */
  public static String start(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean inPair = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, inPair ? most - 1 : most);
  }
}
