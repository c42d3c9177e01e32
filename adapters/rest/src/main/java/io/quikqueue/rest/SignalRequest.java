package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobStep;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A signal to a job or a workflow: {@code {"payload"}}, which may be absent, as may be the body.
 *
 * @param payload as JSON text
 */
record SignalRequest(String payload, @Nullable IdempotencyKey key) {

  private static final String NO_PAYLOAD = "null";

  /**
   * Reads one. The body is checked before its key is made, which wants well-formed JSON.
   *
   * @throws ProblemException when the name, the body or the key is not as it must be
   */
  static SignalRequest read(
      String name, InputStream body, HttpServletRequest request, RequestBodies bodies) {
    requireName(name);
    return RequestLimits.hasBody(request)
        ? bodies.read(body, request, json -> read(json, request))
        : read("{}", request);
  }

  private static SignalRequest read(String json, HttpServletRequest request) {
    Body given = new Body();
    JsonReader.read(json, Source.START, given::document);
    return new SignalRequest(
        given.payload, IdempotencyKeys.of(IdempotencyKeys.header(request), "", json));
  }

  /** Throws a {@link ProblemException} when it cannot be the name of a step or a signal. */
  static void requireName(String name) {
    try {
      JobStep.requireName("name", name);
    } catch (InvalidFieldException e) {
      throw new ProblemException(Problems.invalidParameter("name", e.problem()));
    }
  }

  private static final class Body {

    private String payload = NO_PAYLOAD;

    private void document(JsonReader json) throws IOException {
      json.object(
          "",
          name -> {
            if (name.equals("payload")) {
              payload = json.raw();
            } else {
              json.unknown(name);
            }
          });
    }
  }
}
