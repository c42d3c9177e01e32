package io.quikqueue.rest;

import io.quikqueue.rest.CallerBound.Entry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * Bounds the requests that are worked on at once. Each has a thread, for as long as its client
 * takes to send the body and to read the answer; requests with a body are bounded more tightly, so
 * that begun bodies leave room for questions.
 */
final class RequestLimits implements Filter {

  private final CallerBound requests;
  private final CallerBound bodies;

  RequestLimits(LimitsConfig limits) {
    this.requests = limits.requests();
    this.bodies = limits.bodies();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() != DispatcherType.REQUEST // a wait that is over
        || !(request instanceof HttpServletRequest in)
        || !(response instanceof HttpServletResponse out)) {
      chain.doFilter(request, response);
      return;
    }
    CallerBound bound = hasBody(in) ? bodies : requests;
    String caller = caller(in);
    Entry entry = bound.enter(caller);
    if (entry != Entry.ADMITTED) {
      refuse(
          out,
          Problems.tooMany(entry, bound, bound == bodies ? "requests with a body" : "requests"));
      return;
    }
    try {
      chain.doFilter(request, response);
    } finally {
      bound.leave(caller);
    }
  }

  static String caller(HttpServletRequest request) {
    return Callers.of(
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getRemoteSocketAddress());
  }

  /** Answers, and ends the connection: what is left of a body would have to be read. */
  static void refuse(HttpServletResponse out, Problem problem) throws IOException {
    out.setStatus(problem.status());
    out.setContentType(Problem.MEDIA_TYPE);
    out.setHeader(HttpHeaders.RETRY_AFTER, "1");
    out.setHeader(DrainBody.CONNECTION, DrainBody.CLOSE);
    byte[] body = problem.bytes();
    out.setContentLength(body.length);
    out.getOutputStream().write(body);
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getHeader("Transfer-Encoding") != null || request.getContentLengthLong() > 0;
  }
}
