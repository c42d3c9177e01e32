package io.quikqueue.rest;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Turns what Jersey refuses (404, 405, 406, 415 and the like) into problem documents. */
final class WebApplicationExceptionMapper implements ExceptionMapper<WebApplicationException> {

  @Override
  public Response toResponse(WebApplicationException e) {
    Response given = e.getResponse();
    int status = given.getStatus();
    if (status < 400) {
      return given;
    }
    Response answer =
        Problems.ofStatus(status, given.getStatusInfo().getReasonPhrase(), detail(status))
            .response();
    Object allow = given.getHeaders().getFirst(HttpHeaders.ALLOW);
    return allow == null
        ? answer
        : Response.fromResponse(answer).header(HttpHeaders.ALLOW, allow).build();
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "there is nothing at this path; /docs shows what there is";
      case 405 -> "this path does not take this method; the Allow header names those it does";
      case 406 -> "the answer is application/json, which the Accept header does not allow";
      case 415 -> "this request takes a body of another Content-Type; send application/json";
      default -> "the request was refused";
    };
  }
}
