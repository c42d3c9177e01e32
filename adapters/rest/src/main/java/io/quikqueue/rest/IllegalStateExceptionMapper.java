package io.quikqueue.rest;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers 500; Dropwizard has a mapper of its own for this one, which this takes the place of. */
final class IllegalStateExceptionMapper implements ExceptionMapper<IllegalStateException> {

  @Override
  public Response toResponse(IllegalStateException e) {
    return Unexpected.answer(e);
  }
}
