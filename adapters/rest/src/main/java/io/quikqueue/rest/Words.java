package io.quikqueue.rest;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    E found = find(of, text);
    if (found == null) {
      json.error(Problems.invalidValue(field, oneOf(of)));
    }
    return found;
  }

  /** The constant whose word this is; null = it is none. */
  static <E extends Enum<E>> @Nullable E find(Class<E> of, String word) {
    for (E each : of.getEnumConstants()) {
      if (of(each).equals(word)) {
        return each;
      }
    }
    return null;
  }

  /** What is said of a value that is none of the words of these constants. */
  static String oneOf(Class<? extends Enum<?>> of) {
    return oneOf(Arrays.stream(of.getEnumConstants()).map(Words::of));
  }

  /** The same of constants that are called by their names, as states are. */
  static String oneOfNames(Class<? extends Enum<?>> of) {
    return oneOf(Arrays.stream(of.getEnumConstants()).map(Enum::name));
  }

  /** What is said of a value that is none of these. */
  static String oneOf(Stream<String> words) {
    return words.collect(Collectors.joining("\", \"", "must be one of \"", "\""));
  }

  /** The same, or what a field has that is absent. */
  static <E extends Enum<E>> E read(JsonReader json, String field, E usual) throws IOException {
    E read = read(json, field, usual.getDeclaringClass());
    return read == null ? usual : read;
  }
}
