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
      int end = MAX_LENGTH - 1;
      boolean inPair = Character.isHighSurrogate(message.charAt(end - 1));
      message = message.substring(0, inPair ? end - 1 : end) + "…";
    }
  }
}
