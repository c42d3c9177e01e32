package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;

/** Looks jobs up, after {@link LongPolls} has waited for them where that was asked for. */
final class JobLookup {

  static final String PARAMETER = "wait";

  private final UseCases use;
  private final Duration longest;

  JobLookup(UseCases use, RestConfig config) {
    this.use = use;
    this.longest = config.getMaxWait().toJavaDuration();
  }

  /**
   * The job with the id of the path, as the wait ended with it or as it is now.
   *
   * @throws ProblemException 404, or 400 when the id or the wait cannot be read
   */
  Job find(String id, QueryParameters query, HttpServletRequest request) {
    JobId job = id(id);
    var _ = query.duration(PARAMETER, longest);
    Job waitedFor = LongPolls.job(request);
    return waitedFor == null ? find(job) : waitedFor;
  }

  /** The job as it is now. Throws as the other one does. */
  Job find(String id) {
    return find(id(id));
  }

  private Job find(JobId id) {
    Optional<Job> found = use.find().find(id);
    return found.orElseThrow(() -> unknown(id));
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
