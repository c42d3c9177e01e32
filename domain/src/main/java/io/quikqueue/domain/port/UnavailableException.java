package io.quikqueue.domain.port;

/**
 * A server that a port needs cannot be reached, or did not answer in time. Whether the call took
 * effect is unknown, unless the port's method says otherwise; every port method may be called again
 * with the same arguments.
 */
public final class UnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String dependency;

  /**
   * @param dependency what is not there: {@code store}, {@code stream} or {@code ready queue}
   * @param cause of its message the first line is told on, so that it fits into a line of a log
   */
  public UnavailableException(String dependency, Throwable cause) {
    super(dependency + " is unavailable: " + firstLine(cause), cause);
    this.dependency = dependency;
  }

  public UnavailableException(String dependency, String why) {
    super(dependency + " is unavailable: " + why);
    this.dependency = dependency;
  }

  public String dependency() {
    return dependency;
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    return message == null ? name : message.lines().findFirst().orElse(name);
  }
}
