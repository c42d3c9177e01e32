package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a worker outside this program asks for.
 *
 * @param queue the queue to take jobs from
 * @param worker its name, its own among all workers
 * @param types the types of job that it runs, at most {@value #MOST_TYPES}; empty = all
 * @param max 1 to {@value #MOST_LEASES} jobs
 * @param length how long a job is the worker's own without a heartbeat, 5 s to 1 h
 */
public record LeaseRequest(
    String queue, String worker, Set<String> types, int max, Duration length) {

  /** The most jobs that are leased at once. */
  public static final int MOST_LEASES = 500;

  /** How long a lease lasts where nothing else is said. */
  public static final Duration USUAL_LENGTH = Duration.ofSeconds(30);

  static final int MOST_TYPES = 100;

  private static final Duration SHORTEST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Pattern WORKER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/+-]{0,199}");

  public LeaseRequest {
    JobSpec.requireQueue(queue);
    requireWorker(worker);
    types = Set.copyOf(types);
    if (types.size() > MOST_TYPES) {
      throw new InvalidFieldException("types", "must be at most " + MOST_TYPES + " types");
    }
    for (String type : types) {
      requireType(type);
    }
    if (types.contains(CallbackJobs.TYPE)
        || (types.isEmpty() && queue.equals(CallbackJobs.QUEUE))) {
      throw new InvalidFieldException(
          "types", "must be named here, and not be that of callbacks, which the service makes");
    }
    if (max < 1 || max > MOST_LEASES) {
      throw new InvalidFieldException("max", "must be from 1 to " + MOST_LEASES);
    }
    requireLength(length);
  }

  /** The same, for no more than so many jobs. */
  LeaseRequest atMost(int jobs) {
    return jobs >= max ? this : new LeaseRequest(queue, worker, types, jobs, length);
  }

  private static void requireType(String type) {
    try {
      JobSpec.requireType(type);
    } catch (InvalidFieldException e) {
      throw new InvalidFieldException("types", "each " + e.problem());
    }
  }

  static void requireWorker(String worker) {
    if (!WORKER.matcher(worker).matches()) {
      throw new InvalidFieldException(
          "worker",
          "must be 1 to 200 characters of A-Z a-z 0-9 . _ : / + -, the first a letter or digit");
    }
  }

  static void requireLength(Duration length) {
    if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
      throw new InvalidFieldException("lease", "must be from 5 s to 1 h");
    }
  }
}
