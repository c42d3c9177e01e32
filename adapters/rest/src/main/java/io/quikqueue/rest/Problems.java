package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OutOfScopeException;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.port.Operation;
import io.quikqueue.domain.workflow.WorkflowState;
import io.quikqueue.rest.Problem.FieldError;
import java.util.List;
import java.util.Locale;

/** The problems that this API tells of. */
final class Problems {

  private Problems() {}

  static FieldError unknownField(String field) {
    return new FieldError(
        "unknown-field", "Unknown field", field, "is not a field of this request");
  }

  /** Of a single submit, whose key is a header. */
  static FieldError keyInBody(String field) {
    return new FieldError(
        "unknown-field",
        "Unknown field",
        field,
        "is a field of jobs in batches only; send the header Idempotency-Key");
  }

  static FieldError missingField(String field) {
    return new FieldError("missing-field", "Missing field", field, "is required");
  }

  static FieldError wrongType(String field, String expected) {
    return new FieldError("wrong-type", "Wrong type", field, "must be " + expected);
  }

  static FieldError invalidValue(String field, String detail) {
    return new FieldError("invalid-value", "Invalid value", field, detail);
  }

  /** The type that nobody can run has a kind of its own: it is a matter of what is deployed. */
  static FieldError invalid(String field, String detail) {
    return field.equals("type") && detail.startsWith("no worker")
        ? new FieldError("unknown-type", "Unknown type of job", field, detail)
        : invalidValue(field, detail);
  }

  static Problem of(InvalidFieldException e) {
    return switch (e) {
      case InvalidPayloadException payload -> of(payload);
      case OutOfScopeException beyond -> AccessProblems.of(beyond);
      default -> Problem.ofFields(List.of(invalid(e.field(), e.problem())));
    };
  }

  private static Problem of(InvalidPayloadException e) {
    return Problem.ofField(
            422,
            "invalid-payload",
            "The payload does not fit the type of job",
            "payload",
            "payload" + e.pointer() + ": " + e.problem())
        .with("pointer", "/payload" + e.pointer());
  }

  static Problem malformed(String detail) {
    return Problem.of(400, "malformed-json", "Malformed JSON", detail);
  }

  static Problem unreadable(String detail) {
    return Problem.of(400, Problem.UNREADABLE_BODY, "Unreadable body", detail);
  }

  static Problem invalidParameter(String name, String detail) {
    return Problem.ofField(400, "invalid-parameter", "Invalid parameter", name, detail);
  }

  static Problem tooLarge(long limit) {
    return Problem.of(
        413, "body-too-large", "Body too large", "the body is larger than " + limit + " bytes");
  }

  static Problem unsupportedMediaType(String detail) {
    return Problem.of(415, "unsupported-media-type", "Unsupported media type", detail);
  }

  static Problem unknownHost() {
    return Problem.ofField(
        421,
        "unknown-host",
        "Unknown host",
        "Host",
        "this service does not answer to this name; those it does are configured in hosts");
  }

  static Problem crossSite() {
    return Problem.of(
        403,
        "cross-site-request",
        "Cross-site request",
        "a page of another site sent this; only this service's own pages may change anything");
  }

  static Problem unknownJob(JobId id) {
    return Problem.of(404, "unknown-job", "Unknown job", "there is no job " + id);
  }

  static Problem unknownQueue() {
    return Problem.of(404, "unknown-queue", "Unknown queue", "no job was ever in this queue");
  }

  static Problem unknownWorker() {
    return Problem.of(404, "unknown-worker", "Unknown worker", "no living worker has this id");
  }

  static Problem unknownOperation() {
    return Problem.of(
        404,
        "unknown-operation",
        "Unknown operation",
        "there is no such operation; of those that are over only the last are kept");
  }

  static Problem operationOver(Operation operation, String verb) {
    return Problem.of(
        409,
        "state-conflict",
        "The state of the operation does not allow it",
        "operation %s is %s: cannot %s".formatted(operation.id(), operation.state().label(), verb));
  }

  static Problem unknownGroup() {
    return Problem.of(
        404,
        "unknown-group",
        "Unknown group",
        "there is no such group of failed jobs; one without jobs is deleted after a while");
  }

  static Problem noLimits(LimitKey key) {
    return Problem.of(404, "no-limits", "No limits", "no caller has set limits of " + key);
  }

  static Problem noPolicy(LimitKey key) {
    return Problem.of(404, "no-policy", "No policy", "no caller has set a policy of " + key);
  }

  static Problem preconditionFailed(LimitKey key) {
    return Problem.of(
        412,
        "precondition-failed",
        "Precondition failed",
        "the limits of " + key + " are not those that If-Match or If-None-Match is for");
  }

  static Problem preconditionFailed(String what, LimitKey key) {
    return Problem.of(
        412,
        "precondition-failed",
        "Precondition failed",
        "the %s of %s is not that which If-Match or If-None-Match is for".formatted(what, key));
  }

  static Problem keyReused(String field, JobId first) {
    return keyReused(
        field, "this Idempotency-Key was used for a different request, which made job " + first);
  }

  static Problem keyReused(WorkflowId first) {
    return keyReused(
        IdempotencyKeys.HEADER,
        "this Idempotency-Key was used for a different request, which made workflow " + first);
  }

  static Problem workflowKeyReused() {
    return keyReused(
        IdempotencyKeys.HEADER,
        "this Idempotency-Key was used for a different retry of the workflow");
  }

  static Problem signalKeyReused(String name) {
    return keyReused(
        IdempotencyKeys.HEADER, "this Idempotency-Key was used for a different signal " + name);
  }

  private static Problem keyReused(String field, String problem) {
    return Problem.ofField(422, "idempotency-key-reused", "Idempotency key reused", field, problem);
  }

  /** Of a signal to a job that has ended. */
  static Problem noSignal(JobId id, JobState state) {
    return Problem.of(
            409,
            "state-conflict",
            "The state of the job does not allow it",
            "job " + id + " is " + state + ": cannot take a signal")
        .with("state", state.name());
  }

  static Problem noSignal(WorkflowId id, WorkflowState state) {
    return Problem.of(
            409,
            "state-conflict",
            "The state of the workflow does not allow it",
            "workflow " + id + " is " + state + ": cannot take a signal")
        .with("state", state.name());
  }

  static Problem tooManySignals(String problem) {
    return Problem.of(409, "too-many-signals", "Too many signals", problem);
  }

  static Problem overloaded() {
    return Problem.of(
        503,
        "overloaded",
        "Overloaded",
        "more is being asked for than can be done now; nothing was done, try again later");
  }

  /**
   * Too many of something: 429 where the caller has too many, 503 where all together have.
   *
   * @param what in the plural
   */
  static Problem tooMany(CallerBound.Entry entry, CallerBound bound, String what) {
    return entry == CallerBound.Entry.CALLER_HAS_MOST
        ? Problem.of(
            429,
            "too-many-requests",
            "Too many requests",
            bound.mostByCaller() + " " + what + " of one caller at a time are the most")
        : Problem.of(
            503, "overloaded", "Overloaded", bound.most() + " " + what + " at a time are the most");
  }

  static Problem unavailable(String dependency) {
    return Problem.of(
        503,
        "unavailable",
        "Unavailable",
        "the "
            + dependency
            + " cannot be reached; whether the request took effect is unknown, an Idempotency-Key"
            + " makes it safe to send again");
  }

  static Problem internal(String errorId) {
    return Problem.of(
            500,
            "internal-error",
            "Internal error",
            "something went wrong here; the log tells more under this error_id")
        .with("error_id", errorId);
  }

  /** What the HTTP layer refuses, by status. */
  static Problem ofStatus(int status, String reason, String detail) {
    String kind =
        switch (status) {
          case 404 -> "not-found";
          case 405 -> "method-not-allowed";
          case 406 -> "not-acceptable";
          case 413 -> "body-too-large";
          case 415 -> "unsupported-media-type";
          default -> reason.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        };
    return Problem.of(status, kind, reason, detail);
  }
}
