package io.quikqueue.rest;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Has Jersey answer by the {@link ErrorTable}. */
final class ErrorMapper implements ExceptionMapper<Throwable> {

  @Override
  public Response toResponse(Throwable e) {
    return ErrorTable.response(e);
  }

  /** Dropwizard may have a mapper of its own for this one, which this takes the place of. */
  static final class OfIllegalState implements ExceptionMapper<IllegalStateException> {

    @Override
    public Response toResponse(IllegalStateException e) {
      return ErrorTable.response(e);
    }
  }
}
