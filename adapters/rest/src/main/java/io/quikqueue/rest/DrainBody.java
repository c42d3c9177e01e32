package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an answer left of its request's body, since a connection that is closed on unread
 * bytes is reset, and the client may never see the answer. A body too long for that ends the
 * connection, and the client is told; so does one that could not be read to its end before.
 */
final class DrainBody implements ContainerResponseFilter {

  static final String CONNECTION = "Connection";
  static final String CLOSE = "close";

  private static final String TRANSFER_ENCODING = "Transfer-Encoding";
  private static final int LONGEST = 8 << 20;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    String length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
    if (request.getHeaderString(TRANSFER_ENCODING) != null || length(length) > 0) {
      drain(
          bodyWasRead(request.getMethod(), response.getStatus()),
          response.getHeaders(),
          request.getEntityStream(),
          length);
    }
  }

  /** Reads what is left of the body; the answer may have to end the connection. */
  static void drain(HttpServletRequest request, Response answer) throws IOException {
    if (RequestLimits.hasBody(request)) {
      drain(
          bodyWasRead(request.getMethod(), answer.getStatus()),
          answer.getHeaders(),
          request.getInputStream(),
          request.getHeader(HttpHeaders.CONTENT_LENGTH));
    }
  }

  /** What was accepted was read to its end, and so there is no need to look. */
  private static boolean bodyWasRead(String method, int status) {
    return method.equals("POST") && status == 202;
  }

  private static void drain(
      boolean bodyWasRead,
      MultivaluedMap<String, Object> answered,
      InputStream body,
      @Nullable String claimed) {
    if (!bodyWasRead && !answered.containsKey(CONNECTION) && !drained(body, claimed)) {
      answered.putSingle(CONNECTION, CLOSE);
    }
  }

  /** Whether what is left of the body could be read to its end. */
  private static boolean drained(InputStream body, @Nullable String claimed) {
    byte[] scrap = new byte[8 << 10];
    BodyPace pace = new BodyPace();
    try {
      int left = length(claimed) > LONGEST ? 0 : LONGEST;
      while (left > 0) {
        int read = body.read(scrap, 0, Math.min(scrap.length, left));
        if (read < 0) {
          return true;
        }
        if (pace.tooSlow(read)) {
          return false;
        }
        left -= read;
        pace.giveWay(read);
      }
      return false;
    } catch (IOException | RuntimeException e) { // what the server undoes chunks and gzip with
      return false;
    }
  }

  private static long length(@Nullable String length) {
    try {
      return length == null ? 0 : Long.parseLong(length.trim());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE; // the server refused it
    }
  }
}
