package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.rest.BatchReader.BatchItem;
import io.quikqueue.rest.BatchSubmit.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;

/** Takes many jobs in with one request. */
@Path(JobReader.PATH + "/batch")
@Produces(MediaType.APPLICATION_JSON)
public final class BatchResource {

  /** Of the answer, for an item that is stored, or wrong and not told in full. */
  private static final int BYTES_PER_ITEM = 250;

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;
  private final BatchReader reader;

  BatchResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
    this.reader = new BatchReader(bodies.maxBody());
  }

  /** One JSON array. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response array(InputStream body, @Context HttpServletRequest request) {
    return submit(body, request, BatchSplitter.OfArray::new);
  }

  /** One JSON document per line. */
  @POST
  @Consumes("application/x-ndjson")
  public Response lines(InputStream body, @Context HttpServletRequest request) {
    return submit(body, request, BatchSplitter.OfLines::new);
  }

  private Response submit(
      InputStream in, HttpServletRequest request, Function<BatchBody, BatchSplitter> splitter) {
    RequestBodies.requireJson(request);
    if (IdempotencyKeys.header(request) != null) {
      throw new ProblemException(
          Problems.invalidParameter(
              IdempotencyKeys.HEADER,
              "cannot stand for a batch; give each item an idempotency_key"));
    }
    if (RequestBodies.length(request) > bodies.maxBatch()) {
      throw new ProblemException(Problems.tooLarge(bodies.maxBatch()));
    }
    Caller caller = Callers.of(request);
    try (RequestBodies.Share share = bodies.share(caller.countedAs());
        Gunzip gunzip = RequestBodies.gunzip(in, request)) {
      BatchBody body = new BatchBody(gunzip == null ? in : gunzip, bodies, share);
      body.skipMark();
      ToldProblems told = new ToldProblems();
      List<BatchItem> items =
          reader.read(splitter.apply(body), JobSubmitter.traceparent(request), told);
      return answers.reserved(
          request,
          caller,
          items.size() * BYTES_PER_ITEM + told.chars(),
          () -> accepted(BatchSubmit.run(use.submit(), caller, items, told)));
    }
  }

  private static Response accepted(List<Outcome> outcomes) {
    return Response.accepted(Json.bytes(json -> write(json, outcomes)))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  private static void write(JsonGenerator json, List<Outcome> outcomes) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("items");
    for (Outcome outcome : outcomes) {
      json.writeStartObject();
      switch (outcome) {
        case Outcome.Accepted(JobId id, JobState state, String conflict) -> {
          JobWriter.writeIdAndState(json, id, state);
          if (conflict != null) {
            json.writeStringField("unique_conflict", conflict);
          }
        }
        case Outcome.Deleted(JobId id, JobState state) ->
            JobWriter.writeDeletedFields(json, id, state);
        case Outcome.Refused(Problem problem) -> {
          json.writeFieldName("error");
          problem.write(json);
        }
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
