package io.quikqueue.rest;

import io.quikqueue.domain.batch.OverloadedException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers 503 when too much is being asked for. */
final class OverloadedExceptionMapper implements ExceptionMapper<OverloadedException> {

  @Override
  public Response toResponse(OverloadedException e) {
    return Problems.overloaded().response();
  }
}
