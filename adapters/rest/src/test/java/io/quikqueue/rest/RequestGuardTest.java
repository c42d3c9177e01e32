package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.rest.Http.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest extends ApiTest {

  private static final String JOB = "{\"type\":\"echo\",\"payload\":1}";

  /** Paths with Jersey, without it, and those that are not there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/docs",
        "/v1/jobs",
        "/v1/queues",
        "/results/" + UNKNOWN_ID,
        "/v1/jobs/x",
        "/nothing"
      })
  void aHostThatIsNotServedIsRefused(String path) {
    for (String host :
        new String[] {"evil.example", "evil.example:80", "10.9.8.7", "localhost.x"}) {
      String answer = raw(http.port(), "GET " + path, "Host: " + host);
      assertThat(answer).startsWith("HTTP/1.1 421 ").contains("urn:quikqueue:problem:unknown-host");
      assertThat(answer).contains("application/problem+json");
    }
    assertThat(raw(http.port(), "GET " + path, "Host: localhost:1")).doesNotContain(" 421 ");
    assertThat(raw(http.port(), "GET " + path, "Host: jobs.example")).doesNotContain(" 421 ");
  }

  @Test
  void aHostInTheRequestLineCountsToo() {
    assertThat(raw(http.port(), "GET http://evil.example/", "Host: evil.example"))
        .startsWith("HTTP/1.1 421 ");
    assertThat(raw(http.port(), "GET http://evil.example/", "Host: localhost"))
        .startsWith("HTTP/1.1 4");
    assertThat(raw(http.port(), "GET http://localhost/", "Host: evil.example"))
        .startsWith("HTTP/1.1 4");
  }

  @Test
  void aRequestOfOldWithoutAHostIsServed() {
    assertThat(RawSocket.exchange(http.port(), "GET / HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  /** On both ports, for hot routes too: an answer to TRACE would show headers to a page. */
  @Test
  void nothingIsSentBackForTrace() {
    for (int port : new int[] {http.port(), APP.getAdminPort()}) {
      for (String path : new String[] {"/", "/v1/jobs", "/submit", "/nothing", "/healthcheck"}) {
        assertThat(raw(port, "TRACE " + path, "Host: localhost", "Cookie: planted"))
            .startsWith("HTTP/1.1 4")
            .doesNotContain("planted");
      }
    }
  }

  @Test
  void theAdminPortIsGuarded() {
    int admin = APP.getAdminPort();
    assertThat(raw(admin, "GET /healthcheck", "Host: evil.example")).startsWith("HTTP/1.1 421 ");
    assertThat(raw(admin, "POST /tasks/gc", "Host: localhost", "Origin: http://evil.example"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(raw(admin, "GET /healthcheck", "Host: localhost")).doesNotContain(" 421 ");
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site",
    "Sec-Fetch-Site, what-comes-next",
    "Origin, http://evil.example",
    "Origin, http://127.0.0.1",
    "Origin, http://localhost:1",
    "Origin, null",
    "Origin, ''",
  })
  void aPageOfAnotherSiteChangesNothing(String header, String value) {
    String id = submitted("");

    for (String path :
        new String[] {"/submit", "/v1/jobs", "/v1/jobs/batch", "/v1/jobs/" + id + "/cancel"}) {
      assertProblem(http.post(path, JOB, header, value), 403, "cross-site-request");
      assertProblem(
          http.post(path, JOB, "content-type", "text/plain", header, value),
          403,
          "cross-site-request");
    }
    assertThat(http.get("/v1/jobs/" + id, header, value).string("status")).isEqualTo("QUEUED");
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, same-origin",
    "Sec-Fetch-Site, none",
    "Origin, http://127.0.0.1:PORT",
    "Origin, https://jobs.example",
    "Origin, https://jobs.example:8443",
  })
  void anOwnPageChanges(String header, String value) {
    String own = value.replace("PORT", String.valueOf(http.port()));

    Answer answer = http.post("/v1/jobs", JOB, header, own);

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
  }

  @Test
  void whatTheBrowserSaysOfThePageGoesBeforeItsOrigin() {
    String origin = "https://proxy.example";
    assertThat(
            http.post("/v1/jobs", JOB, "Sec-Fetch-Site", "same-origin", "Origin", origin).status())
        .isEqualTo(202);
    assertThat(
            http.post(
                    "/v1/jobs",
                    JOB,
                    "Sec-Fetch-Site",
                    "cross-site",
                    "Origin",
                    "http://127.0.0.1:" + http.port())
                .status())
        .isEqualTo(403);
  }

  private static String raw(int port, String line, String... headers) {
    return RawSocket.exchange(
        port,
        line + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
  }
}
