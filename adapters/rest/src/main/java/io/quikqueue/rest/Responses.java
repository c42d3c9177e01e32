package io.quikqueue.rest;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Answers of JSON that nobody on the way should keep. */
final class Responses {

  private Responses() {}

  static Response ok(Object body) {
    return with(Response.ok(body)).build();
  }

  /** 202: ask again in a second. */
  static Response inProgress(byte[] body) {
    return with(Response.accepted(body)).header(HttpHeaders.RETRY_AFTER, "1").build();
  }

  private static Response.ResponseBuilder with(Response.ResponseBuilder answer) {
    return answer
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
