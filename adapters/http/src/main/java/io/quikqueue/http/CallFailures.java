package io.quikqueue.http;

import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/** What a call that failed means for its job, and for others that call the same destination. */
final class CallFailures {

  /** What an origin or what stands before it says when it cannot serve any call just now. */
  private static final Set<Integer> NOT_SERVED = Set.of(502, 503, 504);

  /** What an origin says, beside Retry-After, when it wants no call at all until then. */
  private static final Set<Integer> CLOSING = Set.of(429, 503);

  private CallFailures() {}

  /** Tells the circuits what the destination is to blame for. */
  static void blame(IOException e, Circuits.Permit permit) {
    switch (e) {
      case UnknownHostException unknown -> {} // the name server's word
      case ConnectionRequestTimeoutException busy -> {} // our own pool
      case ConnectException refused -> permit.unreachable();
      case NoRouteToHostException nowhere -> permit.unreachable();
      case ConnectTimeoutException silent -> permit.unreachable();
      case SSLException handshake -> permit.unreachable();
      default -> permit.failed();
    }
  }

  /**
   * Tells the circuits of an answer that the job does not accept. What the job makes of a status is
   * its own affair: of others that call there, only those are held back whom the server means.
   *
   * @return what to throw when the job may be tried again
   * @throws PostponedException when the job may be tried again and the server asks to wait
   */
  static HttpCallFailedException refused(
      HttpCall call, HttpAnswer answer, String message, Circuits.Permit permit)
      throws PermanentFailureException, PostponedException {
    int status = answer.status();
    boolean permanent = call.statuses().of(status) == StatusRules.Verdict.PERMANENT;
    Duration wait = RetryAfter.parse(answer.retryAfter(), Instant.now());
    if (wait != null && StatusRules.mayPass(status)) {
      PostponedException asked = permit.askedToWait(wait, message, CLOSING.contains(status));
      if (!permanent) {
        throw asked;
      }
    } else if (NOT_SERVED.contains(status)) {
      permit.failed();
    } else {
      permit.served();
    }
    boolean redirect = status >= 300 && status < 400;
    String why = redirect ? message + " (redirects are not followed)" : message;
    if (permanent) {
      throw new PermanentFailureException(why);
    }
    return new HttpCallFailedException(why);
  }
}
