package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.lease.LeaseAnswer;
import io.quikqueue.domain.usecase.lease.LeaseId;
import io.quikqueue.domain.usecase.lease.LeaseReport;
import io.quikqueue.domain.usecase.lease.Leases;
import io.quikqueue.rest.ReportReader.Action;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;

/** Hears from workers outside this program what became of their leases. */
@Path("/v1/leases")
@Produces(MediaType.APPLICATION_JSON)
public final class LeasesResource {

  private final UseCases use;
  private final RequestBodies bodies;
  private final LeaseBatch batch;

  LeasesResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.batch = new LeaseBatch(use, bodies, answers);
  }

  @POST
  @Path("/{id}/heartbeat")
  public Response heartbeat(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    return report(Action.HEARTBEAT, id, body, request);
  }

  @POST
  @Path("/{id}/complete")
  public Response complete(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    return report(Action.COMPLETE, id, body, request);
  }

  @POST
  @Path("/{id}/fail")
  public Response fail(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    return report(Action.FAIL, id, body, request);
  }

  @POST
  @Path("/{id}/release")
  public Response release(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    return report(Action.RELEASE, id, body, request);
  }

  @POST
  @Path("/{id}/log")
  public Response log(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    return report(Action.LOG, id, body, request);
  }

  @POST
  @Path("/{id}/progress")
  public Response progress(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    return report(Action.PROGRESS, id, body, request);
  }

  @POST
  @Path("/{id}/sleep")
  public Response sleep(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    return report(Action.SLEEP, id, body, request);
  }

  @POST
  @Path("/{id}/wait")
  public Response await(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    return report(Action.WAIT, id, body, request);
  }

  /** Many at once. */
  @POST
  @Path("/batch")
  public Response batch(InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    return batch.report(body, request);
  }

  private Response report(
      Action action, String text, InputStream body, HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    LeaseId id = id(text);
    Leases leases = LeaseResource.requireLeases(use);
    Function<String, Response> report = json -> report(leases, caller, action, id, json);
    return RequestLimits.hasBody(request) ? bodies.read(body, request, report) : report.apply("{}");
  }

  private static Response report(
      Leases leases, Caller caller, Action action, LeaseId id, String text) {
    LeaseReport report = ReportReader.read(action, id, text);
    LeaseAnswer answer = leases.report(caller, List.of(report)).getFirst();
    Problem problem = LeaseWriter.problem(id, answer, action == Action.HEARTBEAT);
    return problem == null
        ? Responses.ok(Json.bytes(json -> LeaseWriter.write(json, id, answer)))
        : problem.response();
  }

  private static LeaseId id(String text) {
    try {
      return LeaseId.parse(text);
    } catch (InvalidFieldException e) {
      throw new ProblemException(Problems.invalidParameter("id", e.problem()));
    }
  }
}
