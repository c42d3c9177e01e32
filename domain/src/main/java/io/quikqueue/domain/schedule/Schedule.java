package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.SealedText;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A schedule and how far it is.
 *
 * @param name 1 to 64 of {@code A-Z a-z 0-9 _ . -}
 * @param id what its stored payload is encrypted for
 * @param declared whether a file says what it is, so that clients cannot change it
 * @param revision rises with each change of what it is to do
 * @param changedBy who made that change
 * @param version another with each change of anything; what guards against two changes at once
 */
public record Schedule(
    String name,
    JobId id,
    ScheduleSpec spec,
    boolean declared,
    long revision,
    String changedBy,
    Instant changedAt,
    ScheduleState state,
    long version)
    implements StoredSchedule {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  public Schedule {
    requireName(name);
  }

  /**
   * Checks a name.
   *
   * @throws InvalidFieldException naming the field {@code name}
   */
  public static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidFieldException(
          "name", "must be 1 to 64 of A-Z a-z 0-9 _ . -, and begin with a letter or a digit");
    }
  }

  /** Why it cannot fire here; null = it can. */
  public @Nullable String unusable() {
    String payload = spec.job().payload();
    return SealedText.isSealed(payload)
        ? "its payload is encrypted with the key %s, which this process does not have"
            .formatted(SealedText.keyId(payload))
        : null;
  }

  /** What it starts, as a job that was never submitted: what stores and shows jobs takes it. */
  public Job template() {
    return Job.submit(id, spec.job(), null, false, changedAt).job();
  }

  /** When the fire of a time is due, with its jitter. */
  public Instant dueAt(Instant at) {
    return at.plus(spec.delay(name, at));
  }

  Schedule with(ScheduleState other) {
    return new Schedule(name, id, spec, declared, revision, changedBy, changedAt, other, version);
  }

  /** The same after a change. */
  Schedule changed(ScheduleState other, long newVersion) {
    return new Schedule(
        name, id, spec, declared, revision, changedBy, changedAt, other, newVersion);
  }
}
