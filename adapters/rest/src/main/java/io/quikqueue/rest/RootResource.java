package io.quikqueue.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Says what is served here, and where it is described. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class RootResource {

  @GET
  public Response root() {
    return Responses.ok(
        "{\"name\":\"QuikQueue\",\"docs\":\"/docs\",\"openapi\":\"/openapi.json\"}");
  }
}
