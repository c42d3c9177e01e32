package io.quikqueue.rest;

import io.quikqueue.domain.job.OutOfScopeException;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows.Submitted;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.workflow.SubmitWorkflow;
import io.quikqueue.domain.workflow.InvalidWorkflowException;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.rest.WorkflowReader.Kind;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Submits workflows, and answers for them. */
final class WorkflowSubmitter {

  private WorkflowSubmitter() {}

  /** Writes the body of the answer. */
  @FunctionalInterface
  interface Body {
    byte[] of(WorkflowView workflow);
  }

  /** Says where to look for a workflow. */
  @FunctionalInterface
  interface Location {
    String of(WorkflowView workflow);
  }

  /**
   * Submits a workflow.
   *
   * @throws ProblemException 422 or 429 when it is refused
   */
  static Response submit(
      SubmitWorkflow submit,
      Caller caller,
      WorkflowSpec spec,
      @Nullable IdempotencyKey key,
      Kind kind,
      Location location,
      Body body) {
    return switch (submitted(submit, caller, spec, key, kind)) {
      case Submitted.Stored(WorkflowView workflow, _) ->
          accepted(body.of(workflow), location.of(workflow)).build();
      case Submitted.Replayed(WorkflowView workflow) ->
          accepted(body.of(workflow), location.of(workflow))
              .header(JobSubmitter.REPLAYED_HEADER, "true")
              .build();
      case Submitted.KeyReused(WorkflowId first) ->
          throw new ProblemException(Problems.keyReused(first));
      case Submitted.Full(var full) -> throw new ProblemException(JobProblems.queueFull(full));
      case Submitted.Refused(String reason) ->
          throw new ProblemException(JobProblems.refused(reason));
    };
  }

  private static Submitted submitted(
      SubmitWorkflow submit,
      Caller caller,
      WorkflowSpec spec,
      @Nullable IdempotencyKey key,
      Kind kind) {
    try {
      return submit.submit(caller, spec, key);
    } catch (InvalidWorkflowException e) {
      throw new ProblemException(WorkflowWriter.problem(e, kind, spec.nodes().size()));
    } catch (OutOfScopeException e) {
      String field = WorkflowWriter.fieldOf(e.field(), kind, spec.nodes().size());
      throw new OutOfScopeException(field, e.problem());
    }
  }

  private static Response.ResponseBuilder accepted(byte[] body, String location) {
    return Response.accepted(body)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.LOCATION, location);
  }
}
