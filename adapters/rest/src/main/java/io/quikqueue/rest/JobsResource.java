package io.quikqueue.rest;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.usecase.find.Asked;
import io.quikqueue.domain.usecase.submit.JobRequest;
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

/** Takes jobs in, shows them, cancels and retries them. */
@Path(JobReader.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class JobsResource {

  private final UseCases use;
  private final Submits submits;
  private final RequestBodies bodies;
  private final Waits waits;

  JobsResource(UseCases use, Submits submits, RequestBodies bodies, Waits waits) {
    this.use = use;
    this.submits = submits;
    this.bodies = bodies;
    this.waits = waits;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response submit(InputStream body, @Context HttpHeaders headers) {
    try (RequestBodies.Share share = bodies.share()) {
      JobRequest request =
          JobReader.read(
              bodies.text(body, headers, share),
              Keys.header(headers),
              Submits.traceparent(headers));
      return submits.submit(request, JobReader.PATH + "/", JobsResource::bytes);
    }
  }

  @GET
  public Response list(@Context UriInfo uri) {
    return Answers.ok(PageWriter.stream(use.listJobs().list(JobQueries.read(uri))));
  }

  @GET
  @Path("/{id}")
  public Response find(@PathParam("id") String id) {
    Job job = waits.find(id);
    return Answers.ok(
        Json.bytes(json -> JobWriter.write(json, job, use.find().attempts(job.id()))));
  }

  @GET
  @Path("/{id}/result")
  public Response result(@PathParam("id") String id, @Context UriInfo uri) {
    return result(id, QueryParameters.parameters(uri));
  }

  Response result(String id, Map<String, List<String>> parameters) {
    Job job = waits.await(id, new QueryParameters(parameters, Set.of(Waits.PARAMETER), Set.of()));
    if (!job.state().terminal()) {
      return Answers.inProgress(Json.bytes(json -> JobWriter.writeBrief(json, job)));
    }
    if (job.state() != JobState.DONE) {
      throw new ProblemException(Problems.noResult(job));
    }
    String result = job.result();
    return Answers.ok((result == null ? "null" : result).getBytes(StandardCharsets.UTF_8));
  }

  @POST
  @Path("/{id}/cancel")
  public Response cancel(@PathParam("id") String id) {
    return answer(id, use.cancel().cancel(Waits.id(id)), "cancel");
  }

  @POST
  @Path("/{id}/retry")
  public Response retry(@PathParam("id") String id) {
    return answer(id, use.retry().retry(Waits.id(id)), "retry");
  }

  private static Response answer(String id, Asked asked, String verb) {
    return switch (asked) {
      case Asked.Changed(Job job) -> Answers.ok(bytes(job));
      case Asked.NotAllowed(Job job) -> throw new ProblemException(Problems.notAllowed(job, verb));
      case Asked.Unknown() -> throw Waits.unknown(Waits.id(id));
    };
  }

  private static byte[] bytes(Job job) {
    return Json.bytes(json -> JobWriter.write(json, job));
  }
}
