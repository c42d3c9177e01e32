package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;

/** An attempt wanted to keep something and is not its job's current one any more. */
public final class AttemptOverException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public AttemptOverException(AttemptId attempt) {
    super("attempt " + attempt.number() + " of job " + attempt.job() + " is over");
  }
}
