package io.quikqueue.rest;

import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.rest.Access.Entrance;
import io.quikqueue.rest.CallerBound.Entry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;

/**
 * The one way into the API: every request passes it, whatever serves its path. What decides whether
 * a request is let in stands here, one after the other; then the path is served, by a {@link
 * HotRoute} or by Jersey.
 */
final class FrontDoor implements Filter {

  private final RequestGuard guard;
  private final RequestLimits limits;
  private final Access access;
  private final HotRoutes hotRoutes;
  private final AuditGate audit;
  private final AnswerBudget answers;

  FrontDoor(
      RequestGuard guard,
      RequestLimits limits,
      Access access,
      HotRoutes hotRoutes,
      AuditGate audit,
      AnswerBudget answers) {
    this.guard = guard;
    this.limits = limits;
    this.access = access;
    this.hotRoutes = hotRoutes;
    this.audit = audit;
    this.answers = answers;
  }

  /** What it serves itself. */
  HotRoutes hotRoutes() {
    return hotRoutes;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain jersey)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest in)
        || !(response instanceof HttpServletResponse out)) {
      throw new ServletException("only HTTP is served here");
    }
    if (in.getDispatcherType() == DispatcherType.REQUEST) {
      letIn(in, out, jersey);
    } else { // a wait that is over: its key may have been revoked since it began
      enter(in, out, jersey);
    }
    Pipelining.letOthersGoOn(in);
  }

  private void letIn(HttpServletRequest in, HttpServletResponse out, FilterChain jersey)
      throws IOException, ServletException {
    Problem refusal = guard.refusal(in);
    if (refusal != null) {
      Responses.send(RequestGuard.refuse(in, refusal), out);
      return;
    }
    CallerBound bound = limits.of(in);
    String address = Callers.address(in);
    Entry entry = bound.enter(address);
    if (entry != Entry.ADMITTED) {
      Responses.send(limits.refuse(entry, bound), out);
      return;
    }
    try {
      enter(in, out, jersey);
    } finally {
      bound.leave(address);
    }
  }

  private void enter(HttpServletRequest in, HttpServletResponse out, FilterChain jersey)
      throws IOException, ServletException {
    switch (access.enter(in, HotRoutes.path(in))) {
      case Entrance.Granted(Caller caller) -> {
        Callers.put(in, caller);
        serve(in, out, jersey, caller);
      }
      case Entrance.Refused(Response answer) ->
          Responses.send(RequestGuard.refuse(in, answer), out);
    }
  }

  private void serve(
      HttpServletRequest in, HttpServletResponse out, FilterChain jersey, Caller caller)
      throws IOException, ServletException {
    try {
      if (!hotRoutes.serve(in, out, caller)) {
        audit.serve(in, out, jersey, caller);
      }
    } finally {
      answers.release(in);
      access.answered(in, caller, out);
    }
  }
}
