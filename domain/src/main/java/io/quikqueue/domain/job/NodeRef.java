package io.quikqueue.domain.job;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Which node of which workflow a job is.
 *
 * @param index from 0, in the order in which the workflow names its nodes
 * @param refers whether its payload has references to the results of other nodes
 */
public record NodeRef(WorkflowId workflow, int index, boolean refers) {

  private static final int BYTES = 16 + Integer.BYTES + 1;

  public NodeRef {
    if (index < 0) {
      throw new IllegalArgumentException("a node has no index below 0");
    }
  }

  /** All of it, for {@link #of}. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .put(workflow.bytes())
        .putInt(index)
        .put((byte) (refers ? 1 : 0))
        .array();
  }

  /**
   * Reads what {@link #bytes} gave.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static NodeRef of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("not a node: " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    WorkflowId workflow = new WorkflowId(new JobId(new UUID(in.getLong(), in.getLong())));
    return new NodeRef(workflow, in.getInt(), in.get() != 0);
  }
}
