package io.quikqueue.acceptance.limits;

import java.time.Duration;

/** How much the tests of a backlog submit, and what they allow. */
final class Size {

  /** Jobs in the backlog; {@code -Dquikqueue.backlog=N} for a million. */
  static final int JOBS = Integer.getInteger("quikqueue.backlog", 50_000);

  /** Jobs at which memory is looked at first. */
  static final int EARLY = JOBS / 5;

  /** Jobs in the small backlog whose drain the large one is compared with. */
  static final int SMALL = Math.min(20_000, JOBS);

  /** What a JVM takes up beside its heap: classes, code, stacks, buffers. */
  static final int OVERHEAD_MB = 256;

  /** By how much the heap in use, after a collection, may differ for other reasons. */
  static final int HEAP_MARGIN_MB = 16;

  /**
   * For one page of what users look at: many times what it takes while nothing else runs. The
   * quickest of some tries counts, since a busy machine may stand still during one.
   */
  static final Duration PAGE_LIMIT = Duration.ofSeconds(10);

  static final int PAGE_TRIES = 5;

  private Size() {}
}
