package io.quikqueue.rest;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.usecase.find.Asked;
import io.quikqueue.domain.usecase.submit.JobRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Takes jobs in, shows them, cancels and retries them. */
@Path(JobReader.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class JobsResource {

  private final UseCases use;
  private final JobSubmitter submitter;
  private final RequestBodies bodies;
  private final JobLookup lookup;
  private final AnswerBudget answers;

  JobsResource(
      UseCases use,
      JobSubmitter submitter,
      RequestBodies bodies,
      JobLookup lookup,
      AnswerBudget answers) {
    this.use = use;
    this.submitter = submitter;
    this.bodies = bodies;
    this.lookup = lookup;
    this.answers = answers;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response submit(
      InputStream body, @Context HttpHeaders headers, @Context HttpServletRequest request) {
    try (RequestBodies.Share share = bodies.share(RequestLimits.caller(request))) {
      JobRequest job =
          JobReader.read(
              bodies.text(body, headers, share),
              IdempotencyKeys.header(headers),
              JobSubmitter.traceparent(headers));
      return submitter.submit(job, JobReader.PATH + "/", this::bytes);
    }
  }

  @GET
  public Response list(@Context UriInfo uri, @Context HttpServletRequest request) {
    JobQuery query = JobQueries.read(uri);
    return answers.pageWithin(
        request, () -> Responses.ok(PageWriter.bytes(use.listJobs().list(query))));
  }

  @GET
  @Path("/{id}")
  public Response find(@PathParam("id") String id, @Context HttpServletRequest request) {
    return answers.within(
        request,
        () -> {
          Job job = lookup.find(id);
          return Responses.ok(
              Json.bytes(
                  json ->
                      JobWriter.write(
                          json,
                          job,
                          use.whyWaiting().of(job),
                          use.running().progress(job),
                          use.find().attempts(job.id()))));
        });
  }

  @GET
  @Path("/{id}/result")
  public Response result(
      @PathParam("id") String id, @Context UriInfo uri, @Context HttpServletRequest request) {
    return result(id, QueryParameters.parameters(uri), request);
  }

  Response result(String id, Map<String, List<String>> parameters, HttpServletRequest request) {
    QueryParameters query = new QueryParameters(parameters, Set.of(JobLookup.PARAMETER), Set.of());
    return answers.within(request, () -> result(lookup.find(id, query, request)));
  }

  private static Response result(Job job) {
    if (!job.state().terminal()) {
      return Responses.inProgress(Json.bytes(json -> JobWriter.writeBrief(json, job)));
    }
    if (job.state() != JobState.DONE) {
      throw new ProblemException(Problems.noResult(job));
    }
    String result = job.result();
    return Responses.ok((result == null ? "null" : result).getBytes(StandardCharsets.UTF_8));
  }

  @POST
  @Path("/{id}/cancel")
  public Response cancel(@PathParam("id") String id, @Context HttpServletRequest request) {
    return changed(request, id, "cancel", use.cancel()::cancel);
  }

  @POST
  @Path("/{id}/retry")
  public Response retry(@PathParam("id") String id, @Context HttpServletRequest request) {
    return changed(request, id, "retry", use.retry()::retry);
  }

  /** Changes the job once, and shows it as it is then, also when there is no room at first. */
  private Response changed(
      HttpServletRequest request, String id, String verb, Function<JobId, Asked> change) {
    AtomicBoolean isChanged = new AtomicBoolean();
    return answers.within(
        request,
        () -> {
          if (isChanged.get()) {
            return Responses.ok(bytes(lookup.find(id)));
          }
          Response answer = answer(id, change.apply(JobLookup.id(id)), verb);
          isChanged.set(true);
          return answer;
        });
  }

  private Response answer(String id, Asked asked, String verb) {
    return switch (asked) {
      case Asked.Changed(Job job) -> Responses.ok(bytes(job));
      case Asked.NotAllowed(Job job) -> throw new ProblemException(Problems.notAllowed(job, verb));
      case Asked.Unknown() -> throw JobLookup.unknown(JobLookup.id(id));
    };
  }

  private byte[] bytes(Job job) {
    return Json.bytes(json -> JobWriter.write(json, job, use.whyWaiting().of(job)));
  }
}
