package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers 422 for a value that the domain refuses. */
final class InvalidFieldExceptionMapper implements ExceptionMapper<InvalidFieldException> {

  @Override
  public Response toResponse(InvalidFieldException e) {
    return Problems.of(e).response();
  }
}
