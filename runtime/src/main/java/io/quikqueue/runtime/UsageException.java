package io.quikqueue.runtime;

/** The command line is wrong; the message says how, in words that follow the command's name. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
