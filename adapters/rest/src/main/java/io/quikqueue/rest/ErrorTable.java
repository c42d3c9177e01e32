package io.quikqueue.rest;

import io.quikqueue.domain.access.LastAdminException;
import io.quikqueue.domain.access.QuotaExceededException;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import io.quikqueue.domain.usecase.lease.TooManyLeasesException;
import io.quikqueue.domain.usecase.user.TooManyLoginsException;
import io.quikqueue.domain.usecase.user.WrongCredentialsException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request gets that failed, whichever way it was served: one answer per exception. */
final class ErrorTable {

  private static final Logger log = LoggerFactory.getLogger(ErrorTable.class);

  private ErrorTable() {}

  /** The answer; of a redirect or the like, which is no failure, the one that it carries. */
  static Response response(Throwable thrown) {
    if (!(thrown instanceof WebApplicationException refusal)) {
      return UserProblems.withHeaders(thrown, problem(thrown).response());
    }
    Response given = refusal.getResponse();
    if (given.getStatus() < 400) {
      return given;
    }
    Response answer = problem(thrown).response();
    Object allow = given.getHeaders().getFirst(HttpHeaders.ALLOW);
    if (allow != null) {
      answer.getHeaders().putSingle(HttpHeaders.ALLOW, allow);
    }
    return answer;
  }

  /** The problem that an exception stands for. */
  static Problem problem(Throwable thrown) {
    return switch (thrown) {
      case ProblemException e -> e.problem();
      case InvalidFieldException e -> Problems.of(e);
      case QuotaExceededException e -> QuotaProblems.of(e);
      case TooManyLeasesException e -> LeaseProblems.tooManyLeases(e.most());
      case WrongCredentialsException e -> UserProblems.of(e);
      case TooManyLoginsException e -> UserProblems.of(e);
      case LastAdminException _ -> UserProblems.lastAdmin();
      case OverloadedException _ -> Problems.overloaded();
      case UnavailableException e -> unavailable(e);
      case UnusableScheduleException e -> ScheduleProblems.unusableSchedule(e);
      case WebApplicationException e -> refused(e.getResponse());
      case IOException e -> connectionFailed(e);
      default -> unexpected(thrown);
    };
  }

  private static Problem unavailable(UnavailableException e) {
    log.debug("event=dependency_unavailable dependency={}", e.dependency(), e);
    return Problems.unavailable(e.dependency());
  }

  /** Of a path, a method or a media type that is not served. */
  private static Problem refused(Response given) {
    int status = given.getStatus();
    return Problems.ofStatus(status, given.getStatusInfo().getReasonPhrase(), detail(status));
  }

  private static String detail(int status) {
    return switch (status) {
      case 400 -> "the request line, the URI or a header cannot be read";
      case 404 -> "there is nothing at this path; /docs shows what there is";
      case 405 -> "this path does not take this method; the Allow header names those it does";
      case 406 -> "the answer is application/json, which the Accept header does not allow";
      case 415 -> "this request takes a body of another Content-Type; send application/json";
      default -> "the request was refused";
    };
  }

  /** There is hardly anyone left to read the answer, and nothing here went wrong. */
  private static Problem connectionFailed(IOException e) {
    log.debug("event=connection_failed", e);
    return Problems.unreadable("the connection failed");
  }

  /** What should not have happened: the log gets all of it, the client an id to ask for. */
  private static Problem unexpected(Throwable e) {
    String errorId = String.format("%016x", ThreadLocalRandom.current().nextLong());
    log.error("event=unexpected_error error_id={}", errorId, e);
    return Problems.internal(errorId);
  }
}
