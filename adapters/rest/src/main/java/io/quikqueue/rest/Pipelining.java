package io.quikqueue.rest;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Bounds what requests cost that come before the one before them is answered. Jetty works on all
 * that it has read from a connection in one thread, one after the other: this ends the connection
 * when an answer could not be written, and lets other threads go on before the next request.
 */
final class Pipelining implements Filter {

  /** The request's attribute with the exception that its answer failed with. */
  static final String FAILED = Pipelining.class.getName();

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(request, response);
    if (request.getAttribute(FAILED) instanceof IOException failure) {
      throw new EofException(failure); // unless told, Jetty goes on with the next request
    }
    if (request instanceof HttpServletRequest in && !in.isAsyncStarted() && hasNext(in)) {
      Thread.yield();
    }
  }

  private static boolean hasNext(HttpServletRequest request) {
    return ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
            instanceof HttpConnection connection
        && !connection.isRequestBufferEmpty();
  }
}
