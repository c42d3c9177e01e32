package io.quikqueue.rest;

import io.quikqueue.domain.job.Job;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows how a submitted text fares: 200 once it is over, 202 until then. */
@Path("/results/{id}")
@Produces(MediaType.APPLICATION_JSON)
public final class ResultsResource {

  private final JobLookup lookup;
  private final AnswerBudget answers;

  ResultsResource(JobLookup lookup, AnswerBudget answers) {
    this.lookup = lookup;
    this.answers = answers;
  }

  @GET
  public Response result(
      @PathParam("id") String id, @Context UriInfo uri, @Context HttpServletRequest request) {
    return result(id, QueryParameters.parameters(uri), request);
  }

  Response result(String id, Map<String, List<String>> parameters, HttpServletRequest request) {
    QueryParameters query = new QueryParameters(parameters, Set.of(JobLookup.PARAMETER), Set.of());
    return answers.within(request, () -> answer(lookup.find(id, query, request)));
  }

  private static Response answer(Job job) {
    byte[] body = Json.bytes(json -> ResultWriter.write(json, job));
    return job.state().terminal() ? Responses.ok(body) : Responses.inProgress(body);
  }
}
