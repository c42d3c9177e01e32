package io.quikqueue.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;

/** Serves the dashboard to browsers: a page and its files. What they show comes from the API. */
@Path("/")
public final class DashboardResource {

  private static final String CSP =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  /** Who takes anything, as programs do, gets the JSON of {@link RootResource} instead. */
  @GET
  @Produces(MediaType.TEXT_HTML + ";qs=0.5")
  public Response page(@Context Request request) {
    DashboardFiles files = DashboardFiles.get();
    EntityTag version = new EntityTag(files.version());
    Response.ResponseBuilder unchanged = request.evaluatePreconditions(version);
    return (unchanged == null
            ? serve(files.page(), MediaType.TEXT_HTML, "no-cache").tag(version)
            : unchanged)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .build();
  }

  @GET
  @Path("ui/{version}/{folder}/{file}")
  public Response file(
      @PathParam("version") String version,
      @PathParam("folder") String folder,
      @PathParam("file") String file) {
    byte[] content = DashboardFiles.get().find(version, folder + "/" + file);
    if (content == null) {
      throw new NotFoundException();
    }
    String type = file.endsWith(".css") ? "text/css" : "text/javascript";
    return serve(content, type, "public, max-age=31536000, immutable").build();
  }

  private static Response.ResponseBuilder serve(byte[] content, String type, String cache) {
    return Response.ok(content)
        .type(type + ";charset=utf-8")
        .header(HttpHeaders.CACHE_CONTROL, cache)
        .header("Content-Security-Policy", CSP)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }
}
