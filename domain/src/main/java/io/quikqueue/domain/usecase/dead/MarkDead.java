package io.quikqueue.domain.usecase.dead;

import io.quikqueue.domain.job.InvalidFieldException;
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
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Optional<DeadGroup> mark(
      Caller caller, String id, DeadStatus status, @Nullable String note) {
    if (note != null && note.length() > DeadGroup.MAX_NOTE) {
      throw new InvalidFieldException(
          "note", "must be at most %d characters".formatted(DeadGroup.MAX_NOTE));
    }
    return dead.set(id, status, note, caller.id(), clock.instant().truncatedTo(ChronoUnit.MICROS))
        ? dead.group(id)
        : Optional.empty();
  }
}
