package io.quikqueue.rest;

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

  private static final Logger log = LoggerFactory.getLogger(GoneClients.class);

  @Override
  public void aroundWriteTo(WriterInterceptorContext answer) throws IOException {
    try {
      answer.proceed();
    } catch (IOException e) {
      answer.setProperty(Pipelining.FAILED, e);
      if (!isOfClient(e)) {
        throw e;
      }
      log.debug("event=client_gone reason=\"{}\"", e.getMessage());
    }
  }

  private static boolean isOfClient(IOException e) {
    return e instanceof EofException || e.getCause() instanceof TimeoutException;
  }
}
