package io.quikqueue.rest;

import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.usecase.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** Shows what is paused. */
@Path("/v1/pauses")
@Produces(MediaType.APPLICATION_JSON)
public final class PausesResource {

  private final UseCases use;
  private final AnswerBudget answers;

  PausesResource(UseCases use, AnswerBudget answers) {
    this.use = use;
    this.answers = answers;
  }

  @GET
  public Response all(@Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> all(caller));
  }

  private Response all(Caller caller) {
    List<Pause> pauses = use.pauseJobs().all(caller);
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("pauses");
              for (Pause pause : pauses) {
                PauseAnswers.write(json, pause);
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }
}
