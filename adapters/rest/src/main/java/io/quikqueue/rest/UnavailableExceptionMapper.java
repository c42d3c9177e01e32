package io.quikqueue.rest;

import io.quikqueue.domain.port.UnavailableException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers 503 when a server that the request needs cannot be reached. */
final class UnavailableExceptionMapper implements ExceptionMapper<UnavailableException> {

  private static final Logger log = LoggerFactory.getLogger(UnavailableExceptionMapper.class);

  @Override
  public Response toResponse(UnavailableException e) {
    log.debug("event=dependency_unavailable dependency={}", e.dependency(), e);
    return Problems.unavailable(e.dependency()).response();
  }
}
