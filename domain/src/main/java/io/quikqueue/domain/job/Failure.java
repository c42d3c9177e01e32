package io.quikqueue.domain.job;

/**
 * Why an attempt failed.
 *
 * @param message for people; cut to 2,000 characters
 * @param permanent whether another attempt would be pointless
 */
public record Failure(String message, boolean permanent) {

  private static final int MAX_LENGTH = 2000;

  public Failure {
    if (message.length() > MAX_LENGTH) {
      message = message.substring(0, MAX_LENGTH - 1) + "…";
    }
  }
}
