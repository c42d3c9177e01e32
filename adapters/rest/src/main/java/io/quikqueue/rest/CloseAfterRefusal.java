package io.quikqueue.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;

/**
 * Tells the client that the connection ends with a refusal that may have left its body unread: the
 * server would otherwise close it without a word, maybe under the client's next request.
 */
final class CloseAfterRefusal implements ContainerResponseFilter {

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    switch (response.getStatus()) {
      case 400, 404, 405, 406, 413, 415 -> {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
          response.getHeaders().putSingle("Connection", "close");
        }
      }
      default -> {
        // the request was read to its end
      }
    }
  }
}
