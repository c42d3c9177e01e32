package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.stats.StatsScope;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.list.ListQueues.QueueView;
import io.quikqueue.domain.usecase.prune.DeleteEnded;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows queues in figures, pauses and limits them, and deletes what is over in them. */
@Path("/v1/queues")
@Produces(MediaType.APPLICATION_JSON)
public final class QueuesResource {

  private final UseCases use;
  private final AnswerBudget answers;
  private final PauseAnswers pauses;
  private final LimitAnswers limits;
  private final PolicyAnswers policies;
  private final StatsAnswers stats;

  QueuesResource(
      UseCases use,
      AnswerBudget answers,
      PauseAnswers pauses,
      LimitAnswers limits,
      PolicyAnswers policies,
      StatsAnswers stats) {
    this.use = use;
    this.answers = answers;
    this.pauses = pauses;
    this.limits = limits;
    this.policies = policies;
    this.stats = stats;
  }

  @GET
  public Response all(@Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> all(caller));
  }

  private Response all(Caller caller) {
    List<QueueView> views = use.listQueues().all(caller);
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("queues");
              for (QueueView view : views) {
                write(json, view);
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  @GET
  @Path("/{queue}")
  public Response find(@PathParam("queue") String queue, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    QueueView view =
        use.listQueues()
            .find(Callers.of(request), queue)
            .orElseThrow(() -> new ProblemException(Problems.unknownQueue()));
    return Responses.ok(Json.bytes(json -> write(json, view)));
  }

  @DELETE
  @Path("/{queue}/jobs")
  public Response deleteEnded(
      @PathParam("queue") String queue, @Context HttpServletRequest request) {
    Caller caller = Callers.of(request);
    JobId after = JobQueries.readAfter(request);
    if (use.listQueues().find(caller, JobQueries.requireQueue(queue)).isEmpty()) {
      throw new ProblemException(Problems.unknownQueue());
    }
    DeleteEnded.Deleted deleted = use.deleteEnded().ofQueue(caller, queue, after);
    JobId next = deleted.next();
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeNumberField("deleted", deleted.jobs());
              json.writeStringField("next", next == null ? null : next.toString());
              json.writeEndObject();
            }));
  }

  @GET
  @Path("/{queue}/stats")
  public Response stats(@PathParam("queue") String queue, @Context HttpServletRequest request) {
    return stats.show(request, StatsScope.queue(queue));
  }

  @POST
  @Path("/{queue}/pause")
  public Response pause(
      @PathParam("queue") String queue, InputStream body, @Context HttpServletRequest request) {
    return pauses.pause(request, body, PauseKey.queue(queue));
  }

  @POST
  @Path("/{queue}/resume")
  public Response resume(@PathParam("queue") String queue, @Context HttpServletRequest request) {
    return pauses.resume(request, PauseKey.queue(queue));
  }

  @POST
  @Path("/{queue}/groups/pause")
  public Response pauseGroup(
      @PathParam("queue") String queue, InputStream body, @Context HttpServletRequest request) {
    return pauses.pauseGroup(request, body, queue);
  }

  @POST
  @Path("/{queue}/groups/resume")
  public Response resumeGroup(
      @PathParam("queue") String queue, InputStream body, @Context HttpServletRequest request) {
    return pauses.resumeGroup(request, body, queue);
  }

  @GET
  @Path("/{queue}/limits")
  public Response limits(@PathParam("queue") String queue, @Context HttpServletRequest request) {
    return limits.find(request, LimitKey.queue(queue));
  }

  @PUT
  @Path("/{queue}/limits")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response limit(
      @PathParam("queue") String queue, InputStream body, @Context HttpServletRequest request) {
    return limits.put(request, body, LimitKey.queue(queue));
  }

  @DELETE
  @Path("/{queue}/limits")
  public Response unlimit(@PathParam("queue") String queue, @Context HttpServletRequest request) {
    return limits.delete(request, LimitKey.queue(queue));
  }

  @GET
  @Path("/{queue}/policy")
  public Response policy(@PathParam("queue") String queue, @Context HttpServletRequest request) {
    return policies.find(request, LimitKey.queue(queue));
  }

  @PUT
  @Path("/{queue}/policy")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response setPolicy(
      @PathParam("queue") String queue, InputStream body, @Context HttpServletRequest request) {
    return policies.put(request, body, LimitKey.queue(queue));
  }

  @DELETE
  @Path("/{queue}/policy")
  public Response deletePolicy(
      @PathParam("queue") String queue, @Context HttpServletRequest request) {
    return policies.delete(request, LimitKey.queue(queue));
  }

  private void write(JsonGenerator json, QueueView view) throws IOException {
    QueueFigures figures = view.figures();
    json.writeStartObject();
    json.writeStringField("queue", figures.queue());
    jobs(json, "jobs", figures);
    jobs(json, "depth", figures); // what programs read before there was "jobs"
    Instant oldest = figures.oldest();
    number(json, "oldest_age_seconds", oldest == null ? null : age(oldest));
    number(json, "in_per_second", view.inPerSecond());
    number(json, "out_per_second", view.outPerSecond());
    json.writeNumberField("submitted", figures.submitted());
    json.writeNumberField("finished", figures.finished());
    Pause pause = view.pause();
    json.writeFieldName("paused");
    if (pause == null) {
      json.writeNull();
    } else {
      PauseAnswers.write(json, pause);
    }
    json.writeFieldName("limits");
    if (view.limits().equals(Limits.NONE)) {
      json.writeNull();
    } else {
      LimitAnswers.write(json, view.limits());
    }
    json.writeEndObject();
  }

  private static void jobs(JsonGenerator json, String name, QueueFigures figures)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (JobState state : JobState.values()) {
      json.writeNumberField(state.name(), figures.jobs().getOrDefault(state, 0L));
    }
    json.writeEndObject();
  }

  private double age(Instant oldest) {
    return Math.max(0, Duration.between(oldest, use.clock().instant()).toMillis()) / 1e3;
  }

  private static void number(JsonGenerator json, String name, @Nullable Double value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, Math.round(value * 1e3) / 1e3);
    }
  }
}
