package io.quikqueue.domain.usecase.dead;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.OutOfScopeException;
import io.quikqueue.domain.port.DeadGroup;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.DeadStatus;
import io.quikqueue.domain.usecase.Caller;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says of groups of FAILED jobs that they are resolved, ignored, or open again. */
public final class MarkDead {

  private final DeadLetters dead;
  private final InstantSource clock;

  /**
   * @param clock the store's clock
   */
  public MarkDead(DeadLetters dead, InstantSource clock) {
    this.dead = dead;
    this.clock = clock;
  }

  /**
   * Sets the status of a group, with a note for people.
   *
   * @return the group after it; empty = there is no such group
   * @throws InvalidFieldException when the note is too long
   * @throws OutOfScopeException when a group is to be ignored into which jobs may come that are
   *     outside the caller's scope
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Optional<DeadGroup> mark(
      Caller caller, String id, DeadStatus status, @Nullable String note) {
    if (note != null && note.length() > DeadGroup.MAX_NOTE) {
      throw new InvalidFieldException(
          "note", "must be at most %d characters".formatted(DeadGroup.MAX_NOTE));
    }
    if (status == DeadStatus.IGNORED && !caller.scope().isAll()) {
      requireAllToCome(caller, id);
    }
    return dead.set(id, status, note, caller.id(), clock.instant().truncatedTo(ChronoUnit.MICROS))
        ? dead.group(id)
        : Optional.empty();
  }

  /** A group is of a type, whatever the queue: all of its jobs being the caller's may change. */
  private void requireAllToCome(Caller caller, String id) {
    dead.group(id)
        .filter(group -> !caller.scope().coversWholeType(group.kind().type()))
        .ifPresent(
            _ -> {
              throw new OutOfScopeException(
                  "group", "may get jobs of queues that are outside the scope of the key");
            });
  }
}
