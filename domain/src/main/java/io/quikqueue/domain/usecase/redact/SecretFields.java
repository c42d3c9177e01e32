package io.quikqueue.domain.usecase.redact;

import java.util.ArrayList;
import java.util.List;

/** The fields of a type's jobs that are secret. */
public final class SecretFields {

  /** How many a type may name. */
  public static final int MOST = 100;

  /** How long each may be. */
  public static final int LONGEST = 256;

  private static final int MOST_STEPS = 32;
  private static final String PAYLOAD = "/payload";
  private static final String RESULT = "/result";

  private final List<SecretPath> payload;
  private final List<SecretPath> result;

  private SecretFields(List<SecretPath> payload, List<SecretPath> result) {
    this.payload = List.copyOf(payload);
    this.result = List.copyOf(result);
  }

  /**
   * @param pointers JSON Pointers that begin with {@code /payload} or {@code /result}; a step
   *     {@code *} is any name or index
   * @throws IllegalArgumentException saying which of them is wrong
   */
  public static SecretFields of(List<String> pointers) {
    if (pointers.size() > MOST) {
      throw new IllegalArgumentException("must be at most " + MOST + " pointers");
    }
    List<SecretPath> payload = new ArrayList<>();
    List<SecretPath> result = new ArrayList<>();
    for (int i = 0; i < pointers.size(); i++) {
      try {
        add(pointers.get(i), payload, result);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("number " + (i + 1) + " " + e.getMessage());
      }
    }
    return new SecretFields(payload, result);
  }

  private static void add(String pointer, List<SecretPath> payload, List<SecretPath> result) {
    if (pointer.length() > LONGEST) {
      throw new IllegalArgumentException("must have at most " + LONGEST + " characters");
    }
    if (isUnder(PAYLOAD, pointer)) {
      payload.add(SecretPath.of(pointer.substring(PAYLOAD.length()), MOST_STEPS));
    } else if (isUnder(RESULT, pointer)) {
      result.add(SecretPath.of(pointer.substring(RESULT.length()), MOST_STEPS));
    } else {
      throw new IllegalArgumentException(
          "must be a JSON Pointer such as /payload/password or /result/tokens/*");
    }
  }

  private static boolean isUnder(String root, String pointer) {
    return pointer.equals(root) || pointer.startsWith(root + "/");
  }

  /** These, and a path in the payload. */
  SecretFields and(SecretPath inPayload) {
    List<SecretPath> more = new ArrayList<>(payload);
    more.add(inPayload);
    return new SecretFields(more, result);
  }

  List<SecretPath> payload() {
    return payload;
  }

  List<SecretPath> result() {
    return result;
  }
}
