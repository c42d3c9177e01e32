package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobSignals.Sent;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.lease.LeaseAnswer;
import io.quikqueue.domain.usecase.lease.LeaseId;
import io.quikqueue.domain.usecase.lease.LeaseReport;
import io.quikqueue.domain.usecase.redact.Redaction;
import jakarta.servlet.http.HttpServletRequest;
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
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows what a job remembers, keeps steps for pull workers, and sends signals. */
@Path(JobReader.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class StepsResource {

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  StepsResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
  }

  @GET
  @Path("/{id}/steps")
  public Response steps(@PathParam("id") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    JobId job = JobLookup.id(id);
    Caller caller = Callers.of(request);
    return answers.within(
        request,
        caller,
        () -> {
          List<JobStep> steps =
              use.steps().steps(caller, job).orElseThrow(() -> JobLookup.unknown(job));
          Instant now = use.clock().instant();
          return Responses.ok(Json.bytes(json -> write(json, steps, now)));
        });
  }

  private static void write(JsonGenerator json, List<JobStep> steps, Instant now)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("steps");
    for (JobStep step : steps) {
      json.writeStartObject();
      json.writeStringField("name", step.name());
      json.writeStringField("kind", Words.of(step.kind()));
      json.writeStringField("status", Words.of(step.statusAt(now)));
      json.writeNumberField("attempt", step.attempt());
      JobWriter.time(json, "at", step.at());
      JobWriter.time(json, "until", step.until());
      JobWriter.text(json, "signal", step.signal());
      String value = step.value();
      JobWriter.raw(json, "value", value == null ? null : Redaction.closed(value));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  @PUT
  @Path("/{id}/steps/{name}")
  public Response keep(
      @PathParam("id") String id,
      @PathParam("name") String name,
      InputStream body,
      @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    JobId job = JobLookup.id(id);
    SignalRequest.requireName(name);
    Caller caller = Callers.of(request);
    try (RequestBodies.Share share = bodies.share(caller.countedAs())) { // until it is kept
      StepBody given = StepBody.of(bodies.text(body, request, share));
      LeaseId lease = given.lease(job);
      LeaseReport report = new LeaseReport.Step(lease, name, given.value());
      LeaseAnswer answer =
          LeaseResource.requireLeases(use).report(caller, List.of(report)).getFirst();
      Problem problem = LeaseWriter.problem(lease, answer, false);
      return problem == null
          ? Responses.ok(Json.bytes(json -> LeaseWriter.write(json, lease, answer)))
          : problem.response();
    }
  }

  @POST
  @Path("/{id}/signals/{name}")
  public Response signal(
      @PathParam("id") String id,
      @PathParam("name") String name,
      InputStream body,
      @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    JobId job = JobLookup.id(id);
    SignalRequest signal = SignalRequest.read(name, body, request, bodies);
    Sent sent = use.signals().send(Callers.of(request), job, name, signal.payload(), signal.key());
    return switch (sent) {
      case Sent.Accepted(JobState state, _) -> accepted(job, state, false);
      case Sent.Repeated(JobState state) -> accepted(job, state, true);
      case Sent.KeyReused() -> throw new ProblemException(Problems.signalKeyReused(name));
      case Sent.UnknownJob() -> throw JobLookup.unknown(job);
      case Sent.Over(JobState state) -> throw new ProblemException(Problems.noSignal(job, state));
      case Sent.Full(String problem) ->
          throw new ProblemException(Problems.tooManySignals(problem));
    };
  }

  private static Response accepted(JobId job, JobState state, boolean repeated) {
    byte[] bytes =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("job_id", job.toString());
              json.writeStringField("state", state.name());
              json.writeBooleanField("repeated", repeated);
              json.writeEndObject();
            });
    return Response.status(202).type(MediaType.APPLICATION_JSON_TYPE).entity(bytes).build();
  }

  /** {@code {"lease", "value"}}. */
  private static final class StepBody {

    private @Nullable String lease;
    private @Nullable String value;

    static StepBody of(String json) {
      StepBody body = new StepBody();
      JsonReader.read(json, Source.START, body::document);
      return body;
    }

    private void document(JsonReader json) throws IOException {
      json.object(
          "",
          name -> {
            switch (name) {
              case "lease" -> lease = json.string(name);
              case "value" -> value = json.raw();
              default -> json.unknown(name);
            }
          });
      if (lease == null) {
        json.missing("lease");
      }
      if (value == null) {
        json.missing("value");
      }
    }

    String value() {
      return value == null ? "null" : value;
    }

    /** The lease, which must be one of this job. */
    LeaseId lease(JobId job) {
      LeaseId given;
      try {
        given = LeaseId.parse(lease == null ? "" : lease);
      } catch (InvalidFieldException e) {
        throw new InvalidFieldException("lease", e.problem());
      }
      if (!given.attempt().job().equals(job)) {
        throw new InvalidFieldException("lease", "must be a lease of this job");
      }
      return given;
    }
  }
}
