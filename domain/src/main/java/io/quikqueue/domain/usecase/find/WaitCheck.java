package io.quikqueue.domain.usecase.find;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that a job has to pass until it starts.
 *
 * @param value what holds it, such as the time that it waits for; null when it passes, or there is
 *     nothing to say
 * @param limit what the value must stay below; null = it is no number, or not limited
 * @param sentence what holds it, for people; empty when it passes
 */
public record WaitCheck(
    Code code, boolean passed, @Nullable String value, @Nullable Integer limit, String sentence) {

  /** What is checked, in the order in which it is. */
  public enum Code {
    /** Its time has come. */
    DUE,
    /** No job of its ordering key is before it; only of a job that has one. */
    ORDERING_KEY,
    /** Its queue is not paused. */
    QUEUE_PAUSED,
    /** Its group is not paused; only of a job that has one. */
    GROUP_PAUSED,
    /** Its type is not paused. */
    TYPE_PAUSED,
    /** Its destination did not ask to wait; only of a job that has one that is known. */
    DESTINATION_CLOSED,
    /** Fewer jobs of its queue run than may; only of a queue that has such a limit. */
    QUEUE_LIMIT,
    /** Fewer jobs of its type run than may; only of a type that has such a limit. */
    TYPE_LIMIT,
    /** Fewer jobs of its group run than may; only where groups have such a limit. */
    GROUP_LIMIT,
    /** There are tokens to start it; only where a rate is limited. */
    RATE,
    /** A living worker has a handler for its type. */
    WORKER,
    /** It has left the outbox; only where there is a stream. */
    ANNOUNCED,
    /** It is in the ready queue, where workers take it from. */
    DISPATCHED,
    /** No ready job of its queue and group comes before it; only of a job that is dispatched. */
    POSITION;

    /** As programs read it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the first check that is not passed says; null when all are. */
  public static @Nullable String firstFailed(List<WaitCheck> checks) {
    for (WaitCheck check : checks) {
      if (!check.passed()) {
        return check.sentence();
      }
    }
    return null;
  }

  static WaitCheck passed(Code code) {
    return new WaitCheck(code, true, null, null, "");
  }

  static WaitCheck failed(Code code, @Nullable String value, String sentence) {
    return new WaitCheck(code, false, value, null, sentence);
  }
}
