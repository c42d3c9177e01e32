package io.quikqueue.rest;

import io.quikqueue.domain.stats.StatsScope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Shows what happened to all jobs lately. */
@Path("/v1/stats")
@Produces(MediaType.APPLICATION_JSON)
public final class StatsResource {

  private final StatsAnswers stats;

  StatsResource(StatsAnswers stats) {
    this.stats = stats;
  }

  @GET
  public Response all(@Context HttpServletRequest request) {
    return stats.show(request, StatsScope.ALL);
  }
}
