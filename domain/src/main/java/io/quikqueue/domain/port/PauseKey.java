package io.quikqueue.domain.port;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.Pause.Kind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be paused.
 *
 * @param queue of a group; null for a queue or type
 * @param name of the queue, the type or the group
 */
public record PauseKey(Kind kind, @Nullable String queue, String name) {

  /**
   * Checks the names.
   *
   * @throws InvalidFieldException when there can be no such queue, type or group
   */
  public PauseKey {
    switch (kind) {
      case QUEUE -> JobSpec.requireQueue(name);
      case TYPE -> JobSpec.requireType(name);
      case GROUP -> {
        JobSpec.requireQueue(Objects.requireNonNull(queue));
        if (!JobSpec.isGroup(name)) {
          throw new InvalidFieldException(
              kind.label(), "must be 1 to 200 characters without control characters");
        }
      }
    }
  }

  public static PauseKey queue(String name) {
    return new PauseKey(Kind.QUEUE, null, name);
  }

  public static PauseKey type(String name) {
    return new PauseKey(Kind.TYPE, null, name);
  }

  /** A group in one queue. */
  public static PauseKey group(String queue, String name) {
    return new PauseKey(Kind.GROUP, queue, name);
  }

  /** As people read it. */
  @Override
  public String toString() {
    String named = kind.label() + " \"" + name + '"';
    return queue == null ? named : named + " of queue \"" + queue + '"';
  }
}
