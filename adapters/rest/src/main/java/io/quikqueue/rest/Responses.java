package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;

/** Answers of JSON that nobody on the way should keep, and how an answer is sent without Jersey. */
final class Responses {

  private static final byte[] NO_BODY = {};

  private Responses() {}

  static Response ok(Object body) {
    return with(Response.ok(body)).build();
  }

  /** 202: ask again in a second. */
  static Response inProgress(byte[] body) {
    return with(Response.accepted(body)).header(HttpHeaders.RETRY_AFTER, "1").build();
  }

  /** Sends an answer whose body is bytes, or that has none. */
  static void send(Response answer, HttpServletResponse out) throws IOException {
    out.setStatus(answer.getStatus());
    answer
        .getHeaders()
        .forEach((name, values) -> values.forEach(value -> out.addHeader(name, value.toString())));
    byte[] body = answer.getEntity() instanceof byte[] bytes ? bytes : NO_BODY;
    out.setContentLength(body.length);
    out.getOutputStream().write(body);
  }

  private static Response.ResponseBuilder with(Response.ResponseBuilder answer) {
    return answer
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
