package io.quikqueue.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads what an answer left of its request's body, since a connection that is closed on unread
 * bytes is reset, and the client may never see the answer. A body too long for that ends the
 * connection, and the client is told; so does one that could not be read to its end before.
 */
final class DrainBody implements ContainerResponseFilter {

  static final String CONNECTION = "Connection";
  static final String CLOSE = "close";

  private static final int LONGEST = 8 << 20;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    boolean bodyWasRead = response.getStatus() == 202;
    boolean closes = response.getHeaders().containsKey(CONNECTION);
    if (!bodyWasRead && !closes && request.getMethod().equals("POST") && !drained(request)) {
      response.getHeaders().putSingle(CONNECTION, CLOSE);
    }
  }

  private static boolean drained(ContainerRequestContext request) {
    InputStream body = request.getEntityStream();
    byte[] scrap = new byte[8 << 10];
    Pace pace = new Pace();
    try {
      int left = claimed(request) > LONGEST ? 0 : LONGEST;
      while (left > 0) {
        int read = body.read(scrap, 0, Math.min(scrap.length, left));
        if (read < 0) {
          return true;
        }
        if (pace.tooSlow(read)) {
          return false;
        }
        left -= read;
      }
      return false;
    } catch (IOException | RuntimeException e) { // what the server undoes chunks and gzip with
      return false;
    }
  }

  private static long claimed(ContainerRequestContext request) {
    String length = request.getHeaderString("Content-Length");
    return length == null ? 0 : Long.parseLong(length.trim());
  }
}
