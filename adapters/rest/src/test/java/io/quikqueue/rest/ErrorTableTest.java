package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.UnavailableException;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.RedirectionException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class ErrorTableTest {

  @Test
  void everyExceptionHasItsProblem() throws IOException {
    assertAnswered(new ProblemException(Problems.unknownQueue()), 404, "unknown-queue");
    assertAnswered(new InvalidFieldException("queue", "no"), 422, "invalid-value");
    assertAnswered(new OverloadedException(), 503, "overloaded");
    assertAnswered(new UnavailableException("store", "away"), 503, "unavailable");
    assertAnswered(new NotAcceptableException(), 406, "not-acceptable");
    assertAnswered(new IOException("reset"), 400, "unreadable-body");
    assertAnswered(new IllegalStateException("bug"), 500, "internal-error");
    assertAnswered(new StackOverflowError(), 500, "internal-error");
  }

  @Test
  void namesTheMethodsThatAreAllowed() {
    Response answer = ErrorTable.response(new NotAllowedException("GET", new String[] {"HEAD"}));

    assertThat(answer.getHeaderString("Allow")).contains("GET").contains("HEAD");
  }

  @Test
  void aRedirectIsNoFailure() {
    Response answer = ErrorTable.response(new RedirectionException(303, URI.create("/docs")));

    assertThat(answer.getStatus()).isEqualTo(303);
  }

  private static void assertAnswered(Throwable thrown, int status, String kind) throws IOException {
    Response answer = ErrorTable.response(thrown);
    JsonNode problem = Http.JSON.readTree((byte[]) answer.getEntity());

    assertThat(answer.getStatus()).isEqualTo(status);
    assertThat(answer.getMediaType()).hasToString(Problem.MEDIA_TYPE);
    assertThat(problem.path("type").textValue()).isEqualTo("urn:quikqueue:problem:" + kind);
  }
}
