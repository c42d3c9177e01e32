package io.quikqueue.domain.job;

/** A payload that no handler of its type could use. */
public final class InvalidPayloadException extends InvalidFieldException {

  private static final long serialVersionUID = 1L;

  private final String pointer;

  /**
   * @param pointer where in the payload, as a JSON Pointer (RFC 6901); empty = all of it
   */
  public InvalidPayloadException(String pointer, String problem) {
    super("payload", problem);
    this.pointer = pointer;
  }

  /** Where in the payload, as a JSON Pointer (RFC 6901); empty = all of it. */
  public String pointer() {
    return pointer;
  }
}
