package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Job;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Tells, in a process whose predecessor crashed, the jobs that may have been the cause: those that
 * crashed before, and those that the predecessor may have had in its hands. Which these were nobody
 * knows, but they are among the first of their queue to be taken again. To suspect the whole of a
 * long queue would make it run at a third of its speed. A job that is overlooked, because many went
 * ahead of it, comes nearer with every crash. For one thread.
 */
public final class Suspects implements Predicate<Job> {

  private final Instant crashedBefore;
  private final int mostPerQueue;
  private final Map<String, Integer> taken = new HashMap<>();

  /**
   * @param crashedBefore by the store's clock
   * @param mostPerQueue more than a worker can have in its hands
   */
  public Suspects(Instant crashedBefore, int mostPerQueue) {
    this.crashedBefore = crashedBefore;
    this.mostPerQueue = mostPerQueue;
  }

  @Override
  public boolean test(Job job) {
    if (job.crashes() > 0) {
      return true;
    }
    String queue = job.spec().queue();
    int before = taken.getOrDefault(queue, 0);
    if (before >= mostPerQueue || !job.updatedAt().isBefore(crashedBefore)) {
      return false;
    }
    taken.put(queue, before + 1);
    return true;
  }
}
