package io.quikqueue.rest;

import io.quikqueue.domain.port.Pause.Kind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** Pauses types of job. */
@Path("/v1/types")
@Produces(MediaType.APPLICATION_JSON)
public final class TypesResource {

  private final PauseAnswers pauses;

  TypesResource(PauseAnswers pauses) {
    this.pauses = pauses;
  }

  @POST
  @Path("/{type}/pause")
  public Response pause(
      @PathParam("type") String type, InputStream body, @Context HttpServletRequest request) {
    return pauses.pause(request, body, Kind.TYPE, type);
  }

  @POST
  @Path("/{type}/resume")
  public Response resume(@PathParam("type") String type, @Context HttpServletRequest request) {
    return pauses.resume(request, Kind.TYPE, type);
  }
}
