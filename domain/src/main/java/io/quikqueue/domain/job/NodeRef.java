package io.quikqueue.domain.job;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which node of which workflow a job is.
 *
 * @param index from 0, in the order in which the workflow names its nodes
 * @param refers whether its payload has references to the results of other nodes
 * @param waitsFor what it waits for instead of running; null = it runs
 * @param forEach for the items of which list it adds nodes instead of running; null = for none
 */
public record NodeRef(
    WorkflowId workflow,
    int index,
    boolean refers,
    @Nullable NodeWait waitsFor,
    @Nullable ForEach forEach) {

  private static final int BYTES = 16 + Integer.BYTES + 1;

  public NodeRef {
    if (index < 0) {
      throw new IllegalArgumentException("a node has no index below 0");
    }
    if (forEach != null && waitsFor != null) {
      throw new IllegalArgumentException("a node that waits is for no items");
    }
  }

  /** Of a node that runs. */
  public NodeRef(WorkflowId workflow, int index, boolean refers) {
    this(workflow, index, refers, null, null);
  }

  /** Of a node that waits. */
  public NodeRef(WorkflowId workflow, int index, boolean refers, @Nullable NodeWait waitsFor) {
    this(workflow, index, refers, waitsFor, null);
  }

  /** The same with or without references. */
  public NodeRef referring(boolean now) {
    return new NodeRef(workflow, index, now, waitsFor, forEach);
  }

  /** All of it, for {@link #of}. */
  public byte[] bytes() {
    ByteBuffer to =
        ByteBuffer.allocate(
                BYTES
                    + (waitsFor == null ? 0 : waitsFor.size())
                    + (forEach == null ? 0 : forEach.size()))
            .put(workflow.bytes())
            .putInt(index)
            .put((byte) (refers ? 1 : 0));
    if (waitsFor != null) {
      waitsFor.write(to);
    }
    if (forEach != null) {
      forEach.write(to);
    }
    return to.array();
  }

  /**
   * Reads what {@link #bytes} gave.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static NodeRef of(byte[] bytes) {
    if (bytes.length < BYTES) {
      throw new IllegalArgumentException("not a node: " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    WorkflowId workflow = new WorkflowId(new JobId(new UUID(in.getLong(), in.getLong())));
    int index = in.getInt();
    boolean refers = in.get() != 0;
    try {
      if (!in.hasRemaining()) {
        return new NodeRef(workflow, index, refers);
      }
      long first = in.getLong();
      return first == ForEach.MARK
          ? new NodeRef(workflow, index, refers, null, ForEach.read(in))
          : new NodeRef(workflow, index, refers, NodeWait.read(first, in), null);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("not a node: " + bytes.length + " bytes", e);
    }
  }
}
