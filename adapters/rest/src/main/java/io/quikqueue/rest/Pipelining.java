package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Bounds what requests cost that come before the one before them is answered. Jetty works on all
 * that it has read from a connection in one thread, one after the other: this lets other threads go
 * on before the next request.
 */
final class Pipelining {

  private Pipelining() {}

  /** To be called after each request. */
  static void letOthersGoOn(HttpServletRequest request) {
    if (!request.isAsyncStarted() && hasNext(request)) {
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
