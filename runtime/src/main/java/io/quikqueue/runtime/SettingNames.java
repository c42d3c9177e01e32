package io.quikqueue.runtime;

import java.util.Locale;
import java.util.regex.Pattern;

/** The names of fields as settings spell them. */
final class SettingNames {

  private static final Pattern WORD = Pattern.compile("_([a-z])");

  private SettingNames() {}

  /** Of a text with "max_attempts" in it, one with "maxAttempts". */
  static String of(String fields) {
    return WORD.matcher(fields).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }
}
