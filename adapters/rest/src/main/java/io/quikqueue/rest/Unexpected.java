package io.quikqueue.rest;

import jakarta.ws.rs.core.Response;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what should not have happened: the log gets all of it, the client an id to ask for. */
final class Unexpected {

  private static final Logger log = LoggerFactory.getLogger(Unexpected.class);

  private Unexpected() {}

  static Response answer(Throwable e) {
    return problem(e).response();
  }

  static Problem problem(Throwable e) {
    String errorId = String.format("%016x", ThreadLocalRandom.current().nextLong());
    log.error("event=unexpected_error error_id={}", errorId, e);
    return Problems.internal(errorId);
  }
}
