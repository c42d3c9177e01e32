package io.quikqueue.rest;

import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.job.OutOfScopeException;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.usecase.audit.AuditTrail;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** The problems of who may not do what they ask for. */
final class AccessProblems {

  private static final String FORBIDDEN = "forbidden";
  private static final String BEYOND_SCOPE = "out-of-scope";
  private static final String BEYOND_SCOPE_TITLE = "Outside the scope of the key";

  private AccessProblems() {}

  static Problem noKey() {
    return Problem.of(
        401,
        "no-key",
        "No key",
        "this service asks for a key or a token: send the header Authorization: Bearer …");
  }

  static Problem wrongKey() {
    return Problem.of(
        401,
        "wrong-key",
        "Wrong key",
        "the key or token is unknown or wrong, has expired or was revoked");
  }

  static Problem forbidden(Role needed) {
    return Problem.of(
            403, FORBIDDEN, "Forbidden", "this needs a key of the role " + Words.of(needed))
        .with("role", Words.of(needed));
  }

  /** Of what callers do to their own accounts. */
  static Response tooManyChanges() {
    Response answer =
        Problem.of(
                429,
                "too-many-changes",
                "Too many changes",
                "this was asked for %d times within a minute"
                    .formatted(AuditTrail.MOST_OWN_CHANGES))
            .response();
    answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, "60");
    return answer;
  }

  static Problem unknownKey() {
    return Problem.of(404, "unknown-key", "Unknown key", "there is no key with this id");
  }

  /** Of what concerns jobs that the caller has nothing to do with, beside others. */
  static Problem beyondScope() {
    return Problem.of(
        403,
        BEYOND_SCOPE,
        BEYOND_SCOPE_TITLE,
        "this concerns jobs that are outside the scope of the key");
  }

  /** Of a value that the caller may not give. */
  static Problem of(OutOfScopeException e) {
    return Problem.ofField(
        403, BEYOND_SCOPE, BEYOND_SCOPE_TITLE, e.field(), e.field() + ": " + e.problem());
  }

  static Problem unknownType() {
    return Problem.of(404, "unknown-type", "Unknown type", "no job was ever of this type");
  }

  static Problem unknownWorkflow(WorkflowId id) {
    return Problem.of(404, "unknown-workflow", "Unknown workflow", "there is no workflow " + id);
  }
}
