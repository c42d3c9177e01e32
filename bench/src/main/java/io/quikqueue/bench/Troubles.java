package io.quikqueue.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what should not have happened and keeps the first few reasons. */
final class Troubles {

  private static final int SHOWN = 5;
  private static final int TOO_MANY = 100;

  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final List<String> reasons = new ArrayList<>();

  /** Jobs that the server did not accept. */
  void refused(long jobs, String reason) {
    refused.addAndGet(jobs);
    keep(reason);
  }

  /** Jobs of a submit without an answer: nobody knows whether they were accepted. */
  void unanswered(long jobs, String reason) {
    unanswered.addAndGet(jobs);
    keep(reason);
  }

  /** Jobs that ended otherwise than DONE. */
  void failed(long jobs) {
    failed.addAndGet(jobs);
  }

  private synchronized void keep(String reason) {
    if (reasons.size() < SHOWN) {
      reasons.add(reason);
    }
  }

  boolean any() {
    return refused.get() + unanswered.get() + failed.get() > 0;
  }

  /** Whether to go on would only show how fast the server refuses. */
  boolean tooMany() {
    return refused.get() + unanswered.get() >= TOO_MANY;
  }

  /** One line per reason after a line of counts. */
  synchronized String told() {
    StringBuilder told =
        new StringBuilder(
            "jobs refused: %d, without an answer: %d, not DONE: %d"
                .formatted(refused.get(), unanswered.get(), failed.get()));
    reasons.forEach(reason -> told.append(System.lineSeparator()).append("  ").append(reason));
    return told.toString();
  }
}
