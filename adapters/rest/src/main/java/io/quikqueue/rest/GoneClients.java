package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an answer quietly when its client has gone or reads nothing. Jersey would log an error with
 * its stack trace, though nothing here went wrong; it still does so for other failures.
 */
final class GoneClients implements WriterInterceptor {

  /** The request's attribute with the exception that its answer failed with. */
  private static final String FAILED = GoneClients.class.getName();

  private static final Logger log = LoggerFactory.getLogger(GoneClients.class);

  @Override
  public void aroundWriteTo(WriterInterceptorContext answer) throws IOException {
    try {
      answer.proceed();
    } catch (IOException e) {
      answer.setProperty(FAILED, e);
      if (!isOfClient(e)) {
        throw e;
      }
      log.debug("event=client_gone reason=\"{}\"", e.getMessage());
    }
  }

  /**
   * Ends the connection when an answer could not be written. Unless told, Jetty goes on with the
   * next request that the client has sent.
   */
  static void requireSent(HttpServletRequest request) throws EofException {
    if (request.getAttribute(FAILED) instanceof IOException failure) {
      throw new EofException(failure);
    }
  }

  private static boolean isOfClient(IOException e) {
    return e instanceof EofException || e.getCause() instanceof TimeoutException;
  }
}
