package io.quikqueue.domain.limit;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import java.util.Locale;

/** The queue or type that has limits. */
public record LimitKey(Kind kind, String name) {

  /** What can have limits. */
  public enum Kind {
    QUEUE,
    TYPE;

    /** As people and programs read it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public LimitKey {
    switch (kind) {
      case QUEUE -> JobSpec.requireQueue(name);
      case TYPE -> JobSpec.requireType(name);
    }
  }

  public static LimitKey queue(String name) {
    return new LimitKey(Kind.QUEUE, name);
  }

  public static LimitKey type(String name) {
    return new LimitKey(Kind.TYPE, name);
  }

  /**
   * Checks that it can have these limits.
   *
   * @throws InvalidFieldException naming a limit that only queues have
   */
  public void requireFit(Limits limits) {
    if (kind == Kind.TYPE) {
      requireNone(limits.concurrencyPerGroup() == null, "concurrency_per_group");
      requireNone(limits.ratePerGroup() == null, "rate_per_group");
      requireNone(limits.maxWaiting() == null, "max_waiting");
      requireNone(limits.maxWaitingPerGroup() == null, "max_waiting_per_group");
      requireNone(limits.onLimit() == OnLimit.WAIT, "on_limit");
      requireNone(limits.retention().states().isEmpty(), "retention");
      requireNone(limits.weights().isEmpty(), "weights");
    }
  }

  private static void requireNone(boolean none, String field) {
    Limits.require(none, field, "is for queues; a type can have concurrency and rate");
  }

  @Override
  public String toString() {
    return kind.label() + " " + name;
  }
}
