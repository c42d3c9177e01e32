package io.quikqueue.domain.schedule;

/** A text that is no cron expression. The message says what is wrong, without much of the text. */
public final class InvalidCronException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  InvalidCronException(String problem) {
    super(problem);
  }
}
