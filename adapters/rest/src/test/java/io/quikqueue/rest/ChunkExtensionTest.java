package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where the server and a proxy before it disagree on where a chunk's line ends, a second request
 * can hide in the first: CVE-2026-2332.
 */
class ChunkExtensionTest extends ApiTest {

  private static final String HIDDEN = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1;a=\"\r\nX\r\n0\r\n\r\n",
        "1;a=\"val\r\nX\r\n0\r\n\r\n",
        "1;a=b;c=\"\\\"\r\nX\r\n0\r\n\r\n",
        "1;a=\"\nX\r\n0\r\n\r\n",
        "0;a=\"\r\n\r\n",
        "0;a=\"x\r\n\r\n\"\r\n\r\n",
      })
  void aQuoteThatHoldsALineBreakHidesNoSecondRequest(String chunks) {
    String answer =
        RawSocket.exchange(
            APP.getLocalPort(),
            "POST /submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunks
                + HIDDEN);

    assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
    assertThat(answer).doesNotContain("\"openapi\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ";a", ";a=b", ";a=\"b c\"", ";a=\"\\\"\";b=c"})
  void aChunkExtensionThatIsWellFormedIsPassedOver(String extension) {
    String body = "{\"text\":\"a\"}";
    String answer =
        RawSocket.exchange(
            APP.getLocalPort(),
            "POST /submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length())
                + extension
                + "\r\n"
                + body
                + "\r\n0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 202 ");
  }
}
