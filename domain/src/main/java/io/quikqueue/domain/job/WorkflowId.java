package io.quikqueue.domain.job;

/** The id of a workflow: a UUIDv7, made and written as those of jobs are. */
public record WorkflowId(JobId value) implements Comparable<WorkflowId> {

  /**
   * Reads the text form.
   *
   * @throws InvalidFieldException naming the field {@code id} when the text is not a UUID
   */
  public static WorkflowId parse(String text) {
    return new WorkflowId(JobId.parse(text));
  }

  /** Reads the 16 bytes that {@link #bytes()} gave. */
  public static WorkflowId of(byte[] bytes) {
    return new WorkflowId(JobId.of(bytes));
  }

  /** The 16 bytes, whose order is that of creation. */
  public byte[] bytes() {
    return value.bytes();
  }

  @Override
  public int compareTo(WorkflowId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
