package io.quikqueue.domain.usecase.redact;

import io.quikqueue.domain.json.JsonCursor;
import io.quikqueue.domain.usecase.redact.SecretSpans.Span;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secret values of one job, to be found in texts that others wrote: an error, a note, a result.
 * Values shorter than {@value #SHORTEST} characters are not looked for, as they would be found
 * everywhere.
 */
public final class SecretValues {

  /** No values. */
  static final SecretValues NONE = new SecretValues(Set.of(), false);

  /** Values that nobody knows here: the whole of a text may be one. */
  static final SecretValues UNKNOWN = new SecretValues(Set.of(), true);

  private static final int SHORTEST = 4;

  /** Parts of a value, such as the token behind {@code Bearer}, need to be longer. */
  private static final int SHORTEST_PART = 8;

  /** Of more, none is looked for: the whole of a text is masked. */
  private static final int MOST = 300;

  /** Places in a text where a value may be cut off; one with more is masked whole. */
  private static final int MOST_CUTS = 32;

  private static final char CUT = '…';

  /** The longest first, as it may hold others. */
  private final List<String> values;

  private final boolean unknown;

  private SecretValues(Set<String> values, boolean unknown) {
    this.unknown = unknown;
    this.values =
        values.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** The strings and numbers in these parts of a JSON text. */
  static SecretValues in(String json, List<Span> spans) {
    if (spans.isEmpty()) {
      return NONE;
    }
    Set<String> values = new HashSet<>();
    for (Span span : spans) {
      collect(json.substring(span.start(), span.end()), values);
    }
    return values.isEmpty() ? NONE : new SecretValues(values, false);
  }

  SecretValues and(SecretValues others) {
    if (others.isEmpty() || isEmpty()) {
      return isEmpty() ? others : this;
    }
    Set<String> all = new HashSet<>(values);
    all.addAll(others.values);
    return new SecretValues(all, unknown || others.unknown);
  }

  private static void collect(String json, Set<String> values) {
    JsonCursor cursor = new JsonCursor(json);
    while (cursor.position() < json.length() && values.size() <= MOST) {
      switch (cursor.peek()) {
        case '"' -> add(cursor.string(), values);
        case '{', '}', '[', ']', ',', ':' -> cursor.require(cursor.peek());
        default -> {
          String word = cursor.word();
          if (word.length() >= SHORTEST && !Set.of("true", "false", "null").contains(word)) {
            values.add(word);
          }
        }
      }
    }
  }

  private static void add(String value, Set<String> values) {
    if (value.length() < SHORTEST || value.equals(Redaction.MASK)) {
      return;
    }
    addForms(value, values);
    for (String part : value.split("[\\s;,=]+", -1)) {
      if (part.length() >= SHORTEST_PART && part.length() < value.length()) {
        addForms(part, values);
      }
    }
  }

  /** As it is, in JSON, and in a URL. */
  private static void addForms(String value, Set<String> values) {
    values.add(value);
    values.add(JsonMask.escaped(value));
    values.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  boolean isEmpty() {
    return values.isEmpty() && !unknown;
  }

  /**
   * The text with the mask in the place of each value, also of one that the end of the text or an
   * ellipsis cuts off.
   */
  public @Nullable String mask(@Nullable String text) {
    if (text == null || isEmpty()) {
      return text;
    }
    if (unknown || values.size() > MOST) {
      return Redaction.MASK;
    }
    String masked = text;
    for (String value : values) {
      masked = masked.replace(value, Redaction.MASK);
    }
    return withoutCutOnes(masked);
  }

  private String withoutCutOnes(String text) {
    String masked = text;
    int cuts = 0;
    for (int end = text.length(); end >= SHORTEST; end = masked.lastIndexOf(CUT, end - 1)) {
      if (++cuts > MOST_CUTS) {
        return Redaction.MASK;
      }
      int start = end - longestBegun(masked, end);
      if (start < end) {
        masked = masked.substring(0, start) + Redaction.MASK + masked.substring(end);
        end = start + 1;
      }
    }
    return masked;
  }

  /** How many characters before this place are the beginning of a value; 0 = too few. */
  private int longestBegun(String text, int end) {
    int longest = 0;
    for (String value : values) {
      longest = Math.max(longest, begun(value, text, end));
    }
    return longest < SHORTEST ? 0 : longest;
  }

  /** By Knuth, Morris and Pratt, in a time that grows with the lengths alone. */
  private static int begun(String value, String text, int end) {
    int most = Math.min(value.length() - 1, end);
    int[] fallback = new int[most + 1];
    for (int i = 1, matched = 0; i < most; i++) {
      matched = next(value, fallback, matched, value.charAt(i));
      fallback[i + 1] = matched;
    }
    int matched = 0;
    for (int i = end - most; i < end; i++) {
      matched = next(value, fallback, matched, text.charAt(i));
    }
    return matched;
  }

  private static int next(String value, int[] fallback, int matched, char c) {
    int length = matched;
    while (length > 0 && (length == fallback.length - 1 || value.charAt(length) != c)) {
      length = fallback[length];
    }
    return value.charAt(length) == c && length < fallback.length - 1 ? length + 1 : length;
  }

  @Override
  public String toString() {
    return "SecretValues[" + values.size() + "]";
  }
}
