package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.redact.ShownJob;
import io.quikqueue.rest.CallerBound.Entry;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/** Looks jobs up, and waits for them to end where that is asked for. */
final class JobLookup {

  private static final String WAIT = "wait";

  private final UseCases use;
  private final Duration longest;
  private final LongPolls longPolls;
  private final AnswerBudget answers;

  JobLookup(UseCases use, RestConfig config, LongPolls longPolls, AnswerBudget answers) {
    this.use = use;
    this.longest = config.getMaxWait().toJavaDuration();
    this.longPolls = longPolls;
    this.answers = answers;
  }

  /**
   * The answer about the job whose id is in the path, as its wait ended with it or as it is now.
   *
   * @param answer of a job; its entity is bytes
   * @return null = the request waits
   * @throws ProblemException 404, or 400 when the id or the wait cannot be read
   */
  @Nullable Response result(HotRequest request, Function<ShownJob, Response> answer) {
    QueryParameters query = new QueryParameters(request.in(), Set.of(WAIT), Set.of());
    JobId id = id(UriComponent.decode(request.id(), UriComponent.Type.PATH_SEGMENT));
    Entry entry = longPolls.begin(request, id, query.duration(WAIT, longest));
    if (entry == Entry.ADMITTED) {
      return null;
    }
    if (entry != null) {
      return RequestLimits.refuse(longPolls.refusal(entry));
    }
    Job waitedFor = LongPolls.job(request.in());
    return answers.within(
        request.in(),
        request.caller(),
        () -> {
          Job job = waitedFor == null ? find(request.caller(), id) : waitedFor;
          return answer.apply(use.redaction().show(request.caller(), job));
        });
  }

  /** The job as it is now. Throws as the other one does. */
  Job find(Caller caller, String id) {
    return find(caller, id(id));
  }

  private Job find(Caller caller, JobId id) {
    Optional<Job> found = use.find().find(caller, id);
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
