package io.quikqueue.rest;

import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.audit.AuditTrail;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Has each request that changes something written into the audit log before it is served, and its
 * status after; one that cannot be written is not served. {@link HotRoutes} do not come by here, so
 * none of them may be in the log. What a caller without a further role may do to their own account
 * is bounded, so that nobody who may only read fills the log.
 */
final class AuditGate {

  private static final int FAILED = 500;
  private static final int TOO_MANY = 429;

  private final AuditTrail trail;
  private final RouteRules rules;

  /**
   * @throws IllegalStateException naming a hot route that should be in the log
   */
  AuditGate(AuditTrail trail, RouteRules rules, HotRoutes hotRoutes) {
    this.trail = trail;
    this.rules = rules;
    hotRoutes.operations().forEach(this::requireUnaudited);
  }

  private void requireUnaudited(String operation) {
    String[] words = operation.split(" ", 2);
    RouteRules.Rule rule = rule(words[0].toUpperCase(Locale.ROOT), words[1]);
    if (rule != null && rule.audit().isAudited()) {
      throw new IllegalStateException(operation + " is served without the audit log");
    }
  }

  private RouteRules.@Nullable Rule rule(String method, String path) {
    RouteRules.Route route = rules.of(path);
    return route == null ? null : route.rule(method);
  }

  /** Serves a request. */
  void serve(HttpServletRequest in, HttpServletResponse out, FilterChain jersey, Caller caller)
      throws IOException, ServletException {
    String path = HotRoutes.path(in);
    RouteRules.Rule rule = AuditRule.changes(in.getMethod()) ? rule(in.getMethod(), path) : null;
    String action = rule == null ? null : rule.audit().action();
    if (rule == null || action == null) {
      serve(in, out, jersey);
    } else if (rule.role() == null) { // who does it is known when it is done, if at all
      serve(in, out, jersey);
      noteRefusal(caller, action, out.getStatus());
    } else if (rule.role() == Role.VIEWER && !trail.mayChangeOwn(caller, action)) {
      trail.refused(caller, action, "too_many", TOO_MANY);
      Responses.send(RequestGuard.refuse(in, AccessProblems.tooManyChanges()), out);
    } else if (rule.audit().isAudited()) {
      serveWritten(in, out, jersey, caller, rule, RouteRules.segments(path));
    } else {
      serve(in, out, jersey);
    }
  }

  private static void serve(HttpServletRequest in, HttpServletResponse out, FilterChain jersey)
      throws IOException, ServletException {
    jersey.doFilter(in, out);
    GoneClients.requireSent(in);
  }

  private void noteRefusal(Caller caller, String action, int status) {
    switch (status) {
      case 401 -> trail.refused(caller, action, "wrong_credentials", status);
      case TOO_MANY -> trail.refused(caller, action, "too_many", status);
      default -> {}
    }
  }

  private void serveWritten(
      HttpServletRequest in,
      HttpServletResponse out,
      FilterChain jersey,
      Caller caller,
      RouteRules.Rule rule,
      List<String> path)
      throws IOException, ServletException {
    AuditRule audit = rule.audit();
    JobId record;
    try {
      record =
          trail.begin(
              caller,
              AuditRule.kind(rule.scope()),
              Objects.requireNonNull(audit.action()),
              audit.target(path));
    } catch (UnavailableException | OverloadedException e) {
      Responses.send(RequestGuard.refuse(in, ErrorTable.response(e)), out);
      return;
    }
    int status = FAILED;
    try {
      serve(in, out, jersey);
      status = out.getStatus();
    } catch (IOException e) { // it is done, and its client has gone
      status = out.getStatus();
      throw e;
    } finally {
      trail.finish(record, status, created(out));
    }
  }

  /** The last part of where the answer says that something is; null = it does not say. */
  private static @Nullable String created(HttpServletResponse out) {
    String location = out.getHeader(HttpHeaders.LOCATION);
    return location == null ? null : location.substring(location.lastIndexOf('/') + 1);
  }
}
