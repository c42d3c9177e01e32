package io.quikqueue.domain.schedule;

/**
 * A schedule that a store has and that cannot be read here: a later version wrote it, or this Java
 * does not know its time zone. It does not fire, and can only be deleted.
 *
 * @param reason in a few words for people, at most {@value #MOST_REASON} characters
 */
public record UnreadableSchedule(
    String name, boolean declared, long revision, long version, String reason)
    implements StoredSchedule {

  private static final int MOST_REASON = 200;

  public UnreadableSchedule {
    reason = reason.length() > MOST_REASON ? reason.substring(0, MOST_REASON) : reason;
  }
}
