package io.quikqueue.rest;

import io.quikqueue.rest.CallerBound.Entry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/**
 * Bounds the requests that are worked on at once. Each has a thread, for as long as its client
 * takes to send the body and to read the answer; requests with a body are bounded more tightly, so
 * that begun bodies leave room for questions.
 */
final class RequestLimits {

  private final CallerBound requests;
  private final CallerBound bodies;

  RequestLimits(LimitsConfig limits) {
    this.requests = limits.requests();
    this.bodies = limits.bodies();
  }

  /** What bounds requests such as this one. */
  CallerBound of(HttpServletRequest request) {
    return hasBody(request) ? bodies : requests;
  }

  /** The answer to a request that was not admitted. */
  Response refuse(Entry entry, CallerBound bound) {
    return refuse(
        Problems.tooMany(entry, bound, bound == bodies ? "requests with a body" : "requests"));
  }

  /** The answer, which ends the connection: what is left of a body would have to be read. */
  static Response refuse(Problem problem) {
    Response answer = problem.response();
    answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, "1");
    answer.getHeaders().putSingle(DrainBody.CONNECTION, DrainBody.CLOSE);
    return answer;
  }

  static boolean hasBody(HttpServletRequest request) {
    return request.getHeader("Transfer-Encoding") != null || request.getContentLengthLong() > 0;
  }
}
