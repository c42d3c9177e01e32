package io.quikqueue.rest;

import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.stats.StatsScope;
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
import java.io.InputStream;

/** Pauses and limits types of job. */
@Path("/v1/types")
@Produces(MediaType.APPLICATION_JSON)
public final class TypesResource {

  private final PauseAnswers pauses;
  private final LimitAnswers limits;
  private final PolicyAnswers policies;
  private final StatsAnswers stats;

  TypesResource(
      PauseAnswers pauses, LimitAnswers limits, PolicyAnswers policies, StatsAnswers stats) {
    this.pauses = pauses;
    this.limits = limits;
    this.policies = policies;
    this.stats = stats;
  }

  @GET
  @Path("/{type}/stats")
  public Response stats(@PathParam("type") String type, @Context HttpServletRequest request) {
    return stats.show(request, StatsScope.type(type));
  }

  @POST
  @Path("/{type}/pause")
  public Response pause(
      @PathParam("type") String type, InputStream body, @Context HttpServletRequest request) {
    return pauses.pause(request, body, PauseKey.type(type));
  }

  @POST
  @Path("/{type}/resume")
  public Response resume(@PathParam("type") String type, @Context HttpServletRequest request) {
    return pauses.resume(request, PauseKey.type(type));
  }

  @GET
  @Path("/{type}/limits")
  public Response limits(@PathParam("type") String type, @Context HttpServletRequest request) {
    return limits.find(request, LimitKey.type(type));
  }

  @PUT
  @Path("/{type}/limits")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response limit(
      @PathParam("type") String type, InputStream body, @Context HttpServletRequest request) {
    return limits.put(request, body, LimitKey.type(type));
  }

  @DELETE
  @Path("/{type}/limits")
  public Response unlimit(@PathParam("type") String type, @Context HttpServletRequest request) {
    return limits.delete(request, LimitKey.type(type));
  }

  @GET
  @Path("/{type}/policy")
  public Response policy(@PathParam("type") String type, @Context HttpServletRequest request) {
    return policies.find(request, LimitKey.type(type));
  }

  @PUT
  @Path("/{type}/policy")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response setPolicy(
      @PathParam("type") String type, InputStream body, @Context HttpServletRequest request) {
    return policies.put(request, body, LimitKey.type(type));
  }

  @DELETE
  @Path("/{type}/policy")
  public Response deletePolicy(
      @PathParam("type") String type, @Context HttpServletRequest request) {
    return policies.delete(request, LimitKey.type(type));
  }
}
