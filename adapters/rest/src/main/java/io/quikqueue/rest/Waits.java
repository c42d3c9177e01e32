package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.Optional;

/** Looks jobs up, waiting for them to end when that is asked for. */
final class Waits {

  static final String PARAMETER = "wait";

  private final UseCases use;
  private final Duration longest;

  Waits(UseCases use, RestConfig config) {
    this.use = use;
    this.longest = config.getMaxWait().toJavaDuration();
  }

  /**
   * The job with the id of the path, once it is over or the wait is.
   *
   * @throws ProblemException 404, or 400 when the id or the wait cannot be read
   */
  Job await(String id, QueryParameters query) {
    JobId job = id(id);
    Duration wait = query.duration(PARAMETER, longest);
    try {
      return use.await().await(job, wait).orElseThrow(() -> unknown(job));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("service", "it is stopping");
    }
  }

  /** The job as it is now. Throws as {@link #await} does. */
  Job find(String id) {
    JobId job = id(id);
    Optional<Job> found = use.find().find(job);
    return found.orElseThrow(() -> unknown(job));
  }

  static JobId id(String text) {
    try {
      return JobId.parse(text);
    } catch (InvalidFieldException e) {
      throw new ProblemException(Problems.invalidParameter("id", e.problem()));
    }
  }

  static ProblemException unknown(JobId id) {
    return new ProblemException(Problems.unknownJob(id));
  }
}
