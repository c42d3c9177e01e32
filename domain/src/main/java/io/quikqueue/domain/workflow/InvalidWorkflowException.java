package io.quikqueue.domain.workflow;

import java.util.List;

/** A workflow that cannot be, and all that is wrong with it, up to a bound. */
public final class InvalidWorkflowException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * What is wrong.
   *
   * @param field names and indexes from the outside in, between points
   */
  public record Wrong(String field, String message) {}

  private final transient List<Wrong> wrongs;

  public InvalidWorkflowException(List<Wrong> wrongs) {
    super(wrongs.isEmpty() ? "" : wrongs.getFirst().field() + " " + wrongs.getFirst().message());
    this.wrongs = List.copyOf(wrongs);
  }

  public List<Wrong> wrongs() {
    return wrongs;
  }
}
