package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.IdempotencyKey;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** Idempotency keys: of a whole request in a header, of a batch's item in a field. */
final class IdempotencyKeys {

  static final String HEADER = "Idempotency-Key";
  static final String FIELD = "idempotency_key";

  private IdempotencyKeys() {}

  /**
   * What the header holds; null when it was not sent.
   *
   * @throws ProblemException when it was sent more than once
   */
  static @Nullable String header(HttpServletRequest request) {
    Enumeration<String> values = request.getHeaders(HEADER);
    if (!values.hasMoreElements()) {
      return null;
    }
    String value = values.nextElement();
    if (values.hasMoreElements()) {
      throw new ProblemException(Problems.invalidParameter(HEADER, "must be sent once"));
    }
    return value;
  }

  /**
   * The key of a request.
   *
   * @param json its body, well-formed
   * @throws ProblemException when the header's value cannot be a key
   */
  static @Nullable IdempotencyKey of(@Nullable String header, String path, String json) {
    try {
      return header == null ? null : new IdempotencyKey(header, Fingerprint.of(path, json));
    } catch (InvalidFieldException e) {
      throw new ProblemException(Problems.invalidParameter(HEADER, e.problem()));
    }
  }

  /** The key of a batch's item. Throws an {@link InvalidFieldException} naming the field. */
  static @Nullable IdempotencyKey ofItem(@Nullable String value, String path, String json) {
    try {
      return value == null ? null : new IdempotencyKey(value, Fingerprint.of(path, json));
    } catch (InvalidFieldException e) {
      throw new InvalidFieldException(FIELD, e.problem());
    }
  }
}
