package io.quikqueue.rest;

import io.quikqueue.domain.job.Generation;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.TransitionResult;
import io.quikqueue.domain.usecase.move.MoveJobs;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Shows a job, cancels, retries, skips and moves it. */
@Path(JobReader.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class JobResource {

  private final UseCases use;
  private final JobLookup lookup;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  JobResource(UseCases use, JobLookup lookup, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.lookup = lookup;
    this.bodies = bodies;
    this.answers = answers;
  }

  @GET
  @Path("/{id}")
  public Response find(@PathParam("id") String id, @Context HttpServletRequest request) {
    Caller caller = Callers.of(request);
    return answers.within(
        request,
        caller,
        () -> {
          Job job = lookup.find(caller, id);
          return Responses.ok(
              Json.bytes(
                  json ->
                      JobWriter.write(
                          json,
                          use.redaction().show(caller, job),
                          use.whyWaiting().checks(caller, job),
                          use.running().progress(caller, job),
                          use.find().callback(caller, job).orElse(null),
                          use.find().attempts(caller, job.id()))));
        });
  }

  @PATCH
  @Path("/{id}")
  public Response move(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    MoveJobs move = use.move();
    if (move == null) {
      throw new ProblemException(LeaseProblems.noReadyQueue());
    }
    return bodies.read(
        body,
        request,
        json -> {
          Move to = MoveReader.read(json);
          return changed(request, id, "move", (caller, job) -> move.move(caller, job, to));
        });
  }

  @POST
  @Path("/{id}/cancel")
  public Response cancel(@PathParam("id") String id, @Context HttpServletRequest request) {
    return changed(request, id, "cancel", use.cancel()::cancel);
  }

  @POST
  @Path("/{id}/retry")
  public Response retry(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    if (!RequestLimits.hasBody(request)) {
      return changed(request, id, "retry", use.retry()::retry);
    }
    return bodies.read(
        body,
        request,
        json -> {
          UnaryOperator<JobSpec> edit = EditReader.read(json, use.redaction());
          return changed(
              request, id, "retry", (caller, job) -> use.retry().retry(caller, job, edit));
        });
  }

  @POST
  @Path("/{id}/skip")
  public Response skip(@PathParam("id") String id, @Context HttpServletRequest request) {
    return changed(request, id, "skip", use.skip()::skip);
  }

  @GET
  @Path("/{id}/generations")
  public Response generations(@PathParam("id") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    return answers.within(
        request,
        caller,
        () -> {
          Job job = lookup.find(caller, id);
          List<Generation> earlier =
              job.generation() == 1 ? List.of() : use.find().generations(caller, job.id());
          return Responses.ok(
              Json.bytes(
                  json ->
                      JobWriter.writeGenerations(
                          json, job, earlier, each -> use.redaction().show(caller, each))));
        });
  }

  /** Changes the job once, and shows it as it is then, also when there is no room at first. */
  private Response changed(
      HttpServletRequest request,
      String id,
      String verb,
      BiFunction<Caller, JobId, TransitionResult> change) {
    Caller caller = Callers.of(request);
    AtomicBoolean isChanged = new AtomicBoolean();
    return answers.within(
        request,
        caller,
        () -> {
          if (isChanged.get()) {
            return Responses.ok(bytes(caller, lookup.find(caller, id)));
          }
          Response answer = answer(caller, id, change.apply(caller, JobLookup.id(id)), verb);
          isChanged.set(true);
          return answer;
        });
  }

  private Response answer(Caller caller, String id, TransitionResult asked, String verb) {
    return switch (asked) {
      case TransitionResult.Changed(Job job) -> Responses.ok(bytes(caller, job));
      case TransitionResult.NotAllowed(Job job) ->
          throw new ProblemException(JobProblems.notAllowed(job, verb));
      case TransitionResult.SlotTaken(_, JobId holder) ->
          throw new ProblemException(JobProblems.slotTaken(holder));
      case TransitionResult.Bound(Job job, String why) ->
          throw new ProblemException(JobProblems.bound(job, verb, why));
      case TransitionResult.Unknown() -> throw JobLookup.unknown(JobLookup.id(id));
    };
  }

  private byte[] bytes(Caller caller, Job job) {
    return Json.bytes(
        json ->
            JobWriter.write(
                json, use.redaction().show(caller, job), use.whyWaiting().of(caller, job)));
  }
}
