package io.quikqueue.rest;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The words that stand for constants in JSON. */
final class Words {

  private Words() {}

  /** The word of a constant. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The constant whose word a field has; null as {@link JsonReader} says. */
  static <E extends Enum<E>> @Nullable E read(JsonReader json, String field, Class<E> of)
      throws IOException {
    String text = json.string(field);
    if (text == null) {
      return null;
    }
    for (E each : of.getEnumConstants()) {
      if (of(each).equals(text)) {
        return each;
      }
    }
    String words =
        Arrays.stream(of.getEnumConstants())
            .map(each -> "\"" + of(each) + "\"")
            .collect(Collectors.joining(", "));
    json.error(Problems.invalidValue(field, "must be one of " + words));
    return null;
  }

  /** The same, or what a field has that is absent. */
  static <E extends Enum<E>> E read(JsonReader json, String field, E usual) throws IOException {
    E read = read(json, field, usual.getDeclaringClass());
    return read == null ? usual : read;
  }
}
