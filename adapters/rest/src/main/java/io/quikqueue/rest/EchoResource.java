package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** Answers the JSON it was sent: somewhere for the jobs of {@code POST /submit} to go at first. */
@Path("/echo")
@Produces(MediaType.APPLICATION_JSON)
public final class EchoResource {

  private final RequestBodies bodies;

  EchoResource(RequestBodies bodies) {
    this.bodies = bodies;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response echo(InputStream body, @Context HttpServletRequest request) {
    return bodies.read(
        body,
        request,
        json -> {
          JsonReader.read(json, Source.START, JsonReader::skip);
          return Responses.ok(json);
        });
  }
}
