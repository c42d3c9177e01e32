package io.quikqueue.domain.schedule;

/** A schedule cannot be used here as it is stored. */
public final class UnusableScheduleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient StoredSchedule schedule;
  private final String reason;

  public UnusableScheduleException(StoredSchedule schedule, String reason) {
    super("schedule " + schedule.name() + " cannot be used: " + reason);
    this.schedule = schedule;
    this.reason = reason;
  }

  /** As it is stored. */
  public StoredSchedule schedule() {
    return schedule;
  }

  /** Why, in a few words for people. */
  public String reason() {
    return reason;
  }
}
