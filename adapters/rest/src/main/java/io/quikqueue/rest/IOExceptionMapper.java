package io.quikqueue.rest;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers 400 when the connection fails in the middle of a request. There is hardly anyone left to
 * read it, and nothing here went wrong.
 */
final class IOExceptionMapper implements ExceptionMapper<IOException> {

  private static final Logger log = LoggerFactory.getLogger(IOExceptionMapper.class);

  @Override
  public Response toResponse(IOException e) {
    log.debug("event=connection_failed", e);
    return Problems.unreadable("the connection failed").response();
  }
}
