package io.quikqueue.rest;

import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.domain.usecase.access.Named;
import io.quikqueue.domain.usecase.access.RefusedAccess.Reason;
import io.quikqueue.domain.usecase.access.ScopeGate;
import io.quikqueue.domain.usecase.access.ScopeGate.Verdict;
import io.quikqueue.domain.usecase.audit.AuditTrail;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in by their keys, each to what its role and its scope allow; where access is open,
 * everybody to everything. What has no rule is served to nobody.
 */
final class Access {

  private static final String BEARER = "bearer ";
  static final String CHALLENGE = "Bearer realm=\"quikqueue\"";

  /** What somebody did whom nobody knows, whatever they asked for, as the audit log has it. */
  private static final String NOBODYS_ACTION = "authenticate";

  private static final String UNNAMED_ACTION = "unnamed";

  private final @Nullable Authenticate keys;
  private final ScopeGate scopes;
  private final RouteRules rules;
  private final AuditTrail audit;

  /**
   * @param keys null = access is open
   * @param audit hears of those who are refused
   */
  Access(@Nullable Authenticate keys, ScopeGate scopes, RouteRules rules, AuditTrail audit) {
    this.keys = keys;
    this.scopes = scopes;
    this.rules = rules;
    this.audit = audit;
  }

  /** What becomes of a request. */
  sealed interface Entrance {

    /** This caller is let in. */
    record Granted(Caller caller) implements Entrance {}

    /** Nobody is let in. */
    record Refused(Response answer) implements Entrance {}
  }

  /**
   * Who sent a request, if they may.
   *
   * @param path without matrix parameters
   */
  Entrance enter(HttpServletRequest request, String path) {
    String address = Callers.address(request);
    if (keys == null) {
      return new Entrance.Granted(Caller.anonymous(address));
    }
    RouteRules.Route route = rules.of(path);
    RouteRules.Rule rule = route == null ? null : route.rule(request.getMethod());
    if (rule != null && rule.role() == null) {
      return new Entrance.Granted(Caller.nobody(address));
    }
    try {
      return enter(request, keys, path, route, rule, address);
    } catch (UnavailableException e) {
      return new Entrance.Refused(ErrorTable.response(e));
    }
  }

  private Entrance enter(
      HttpServletRequest request,
      Authenticate keys,
      String path,
      RouteRules.@Nullable Route route,
      RouteRules.@Nullable Rule rule,
      String address) {
    String key = key(request);
    Caller nobody = Caller.nobody(address);
    if (key == null) {
      note(keys, Reason.NO_KEY, nobody, NOBODYS_ACTION, 401);
      return new Entrance.Refused(challenge(AccessProblems.noKey(), ""));
    }
    Optional<Caller> caller = keys.caller(key, address);
    if (caller.isEmpty()) {
      note(keys, keys.whyNot(key), nobody, NOBODYS_ACTION, 401);
      return new Entrance.Refused(
          challenge(AccessProblems.wrongKey(), ", error=\"invalid_token\""));
    }
    if (route == null) {
      return new Entrance.Refused(ErrorTable.response(new NotFoundException()));
    }
    if (rule == null) {
      return new Entrance.Refused(notAllowed(route));
    }
    Role needed = rule.role();
    if (needed != null && !caller.get().may(needed)) {
      note(keys, Reason.ROLE, caller.get(), rule.audit().action(), 403);
      return new Entrance.Refused(AccessProblems.forbidden(needed).response());
    }
    Entrance within = within(caller.get(), rule, path);
    if (within instanceof Entrance.Refused(Response answer)) {
      note(keys, Reason.SCOPE, caller.get(), rule.audit().action(), answer.getStatus());
    }
    return within;
  }

  /** Notes what a use case has refused to a caller who was let in. */
  void answered(HttpServletRequest request, Caller caller, HttpServletResponse answer) {
    if (keys == null || caller.isAnonymous()) {
      return;
    }
    switch (answer.getStatus()) {
      case 403 -> note(keys, Reason.SCOPE, caller, action(request), 403);
      case 422, 429 -> {
        if (answer.containsHeader(QuotaProblems.POLICY)) {
          keys.refused().note(Reason.QUOTA, caller);
        }
      }
      default -> {}
    }
  }

  private @Nullable String action(HttpServletRequest request) {
    RouteRules.Route route = rules.of(HotRoutes.path(request));
    RouteRules.Rule rule = route == null ? null : route.rule(request.getMethod());
    return rule == null ? null : rule.audit().action();
  }

  private void note(
      Authenticate in, Reason reason, Caller caller, @Nullable String action, int status) {
    in.refused().note(reason, caller);
    audit.refused(caller, action == null ? UNNAMED_ACTION : action, reason.label(), status);
  }

  /** Lets a caller in who has to do with what the path names. */
  private Entrance within(Caller caller, RouteRules.Rule rule, String path) {
    if (caller.scope().isAll()) {
      return new Entrance.Granted(caller);
    }
    String parameter = rule.parameterOf(path);
    try {
      Named named = rule.scope().named(parameter);
      return switch (named == null ? Verdict.WITHIN : scopes.verdict(caller, named)) {
        case WITHIN -> new Entrance.Granted(caller);
        case ABSENT -> new Entrance.Refused(rule.scope().absent(parameter).response());
        case BEYOND -> new Entrance.Refused(AccessProblems.beyondScope().response());
      };
    } catch (ProblemException e) {
      return new Entrance.Refused(e.problem().response());
    }
  }

  private static Response notAllowed(RouteRules.Route route) {
    Response allow = Response.status(405).header(HttpHeaders.ALLOW, route.allow()).build();
    return ErrorTable.response(new NotAllowedException(allow));
  }

  /** Null = none was sent, or several. */
  private static @Nullable String key(HttpServletRequest request) {
    List<String> sent = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
    if (sent.size() != 1) {
      return null;
    }
    String header = sent.getFirst();
    return header.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? header.substring(BEARER.length()).strip()
        : null;
  }

  private static Response challenge(Problem problem, String error) {
    Response answer = problem.response();
    answer.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + error);
    return answer;
  }
}
