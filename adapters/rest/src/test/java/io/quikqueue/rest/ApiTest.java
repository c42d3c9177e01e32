package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.core.Configuration;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.quikqueue.rest.Http.Answer;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of the API over HTTP share: one server per class. */
@ExtendWith(DropwizardExtensionsSupport.class)
abstract class ApiTest {

  static final DropwizardAppExtension<Configuration> APP = ApiUnderTest.extension();
  static final String UNKNOWN_ID = "01900000-0000-7000-8000-000000000000";

  Http http;
  ApiUnderTest api;

  @BeforeEach
  final void connect() {
    http = new Http(APP.getLocalPort());
    api = APP.getApplication();
  }

  @AfterEach
  final void heal() {
    api.store.heal();
  }

  static HttpRequest.BodyPublisher noBody() {
    return HttpRequest.BodyPublishers.noBody();
  }

  /** Submits an echo job. */
  String submitted(String fields) {
    Answer answer = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1" + fields + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.string("id");
  }

  /** Checks that the answer is a whole problem document, and returns it. */
  static JsonNode assertProblem(Answer answer, int status, String kind) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    JsonNode problem = answer.json();
    assertThat(problem.path("type").textValue()).isEqualTo("urn:quikqueue:problem:" + kind);
    assertThat(problem.path("title").textValue()).isNotBlank();
    assertThat(problem.path("status").intValue()).isEqualTo(status);
    assertThat(problem.path("detail").textValue()).isNotBlank();
    return problem;
  }

  static void assertFieldProblem(Answer answer, int status, String kind, String field) {
    assertThat(assertProblem(answer, status, kind).path("field").textValue()).isEqualTo(field);
  }
}
