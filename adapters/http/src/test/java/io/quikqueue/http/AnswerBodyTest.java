package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.util.DataSize;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.PermanentFailureException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After an accepted status the job is done, and its result has of the body what can be kept. */
@Timeout(600)
class AnswerBodyTest {

  private final HttpConfig config = new HttpConfig();
  private RawServer server;
  private HttpJobHandler handler;

  @AfterEach
  void close() throws Exception {
    if (handler != null) {
      handler.close();
      server.close();
    }
  }

  private Result run(String more, String head, byte[] body) throws Exception {
    close();
    server =
        new RawServer(
            connection -> {
              connection.request();
              connection.say(head + "\r\n\r\n");
              connection.say(body);
              if (head.toLowerCase(Locale.ROOT).contains("x-hang")) {
                connection.in().read();
              }
            });
    config.setAllow(List.of("127.0.0.1:" + server.port()));
    handler = new HttpJobHandler(config);
    return handler.run(OneRun.of(server.payload(more)));
  }

  private JsonNode result(String headers, byte[] body) throws Exception {
    return result("", headers.isEmpty() ? "X-None: 0" : headers, body);
  }

  private JsonNode result(String more, String headers, byte[] body) throws Exception {
    Result result =
        run(more, "HTTP/1.1 200 OK\r\n" + headers + "\r\nContent-Length: " + body.length, body);
    JsonNode json = new ObjectMapper().readTree(result.json());
    if (json.has("body_note")) {
      assertThat(result.note()).endsWith("; body: " + json.path("body_note").asText());
    } else {
      assertThat(result.note()).matches("HTTP 200 in \\d+ ms");
    }
    return json;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain; charset='utf-8'",
        "text/plain; charset=\"utf-8\"",
        "text/plain;CHARSET=UTF8",
        "text/plain; charset=",
        "text/plain;;; charset",
      })
  void readsACharsetHoweverItIsSpelt(String type) throws Exception {
    JsonNode result = result("Content-Type: " + type, utf8("grüße"));

    assertThat(result.path("body").asText()).isEqualTo("grüße");
    assertThat(result.has("body_note")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "no-such", "\"\\\"", "@", "utf-8\u00e9"})
  void aCharsetThatIsNoneIsNoted(String charset) throws Exception {
    JsonNode result = result("Content-Type: text/plain; charset=" + charset, utf8("grüße"));

    assertThat(result.path("body").asText()).isEqualTo("grüße");
    assertThat(result.path("body_note").asText()).contains("is unknown, it is read as UTF-8");
  }

  /** The connection's end tells where such a body ends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: -1",
        "Content-Length: five",
        "Content-Length: 99999999999999999999",
        "Content-Length: 5, 5",
        "Transfer-Encoding: gzip",
      })
  void aLengthThatIsNoneFailsNothing(String header) throws Exception {
    Result result =
        run("", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + header, utf8("hello"));

    assertThat(new ObjectMapper().readTree(result.json()).path("body").asText()).isEqualTo("hello");
  }

  @ParameterizedTest
  @CsvSource({"204, POST", "205, POST", "304, GET", "200, HEAD", "500, HEAD"})
  void knowsWhichAnswersHaveNoBody(int status, String method) throws Exception {
    String head = "HTTP/1.1 " + status + " X\r\nX-Hang: yes\r\nContent-Encoding: gzip";

    Result result =
        run(
            ", \"timeout\": \"50s\", \"method\": \"%s\", \"accept\": [%d]"
                .formatted(method, status),
            head + (method.equals("HEAD") ? "\r\nContent-Length: 7" : ""),
            new byte[0]);

    assertThat(result.json()).isEqualTo("{\"status\":" + status + ",\"body\":null}");
    assertThat(result.note()).matches("HTTP " + status + " in \\d+ ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100", "Transfer-Encoding: chunked"})
  void keepsWhatCameOfABodyThatBroke(String framing) throws Exception {
    String body = framing.startsWith("T") ? "4\r\nhalf\r\n9\r\n" : "half";

    Result result =
        run("", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + framing, utf8(body));

    assertThat(result.json())
        .contains("\"body\":\"half\"", "\"body_cut\":true", "it broke off after 4 bytes");
  }

  @Test
  void keepsWhatCameOfABodyThatTakesTooLong() throws Exception {
    Result result =
        run(
            ", \"timeout\": \"5s\"",
            "HTTP/1.1 200 OK\r\n"
                + "X-Hang: yes\r\n"
                + "Content-Length: 100\r\n"
                + "Content-Type: application/json",
            utf8("{\"a\":"));

    assertThat(result.json()).contains("\"body\":\"{\\\"a\\\":\"", "\"body_cut\":true");
    assertThat(result.note()).endsWith("it broke off after 5 bytes");
  }

  @Test
  void saysTheStatusThoughTheBodyOfARefusalTakesTooLong() {
    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(
            () ->
                run(
                    ", \"timeout\": \"5s\"",
                    "HTTP/1.1 500 X\r\nX-Hang: yes\r\nContent-Length: 100",
                    utf8("oops")))
        .withMessageStartingWith("HTTP 500")
        .withMessageEndingWith(": oops");
  }

  private static byte[] compressed(String coding, byte[] body) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (coding) {
          case "gzip", "x-gzip", "GZIP" -> new GZIPOutputStream(bytes);
          case "deflate" -> new DeflaterOutputStream(bytes);
          default -> new DeflaterOutputStream(bytes, new Deflater(9, true));
        }) {
      out.write(body);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"gzip, gzip", "x-gzip, x-gzip", "GZIP, gzip", "deflate, deflate", "raw, deflate"})
  void decompresses(String coding, String named) throws Exception {
    JsonNode result =
        result(
            "Content-Type: application/json\r\nContent-Encoding: " + named,
            compressed(coding, utf8("{\"a\": [1.10, \"ü\"]}")));

    assertThat(result.toString())
        .isEqualTo(
            "{\"status\":200,\"headers\":{\"content-type\":\"application/json\"},"
                + "\"body\":{\"a\":[1.1,\"ü\"]}}");
  }

  @Test
  void decompressesWhatWasCompressedTwice() throws Exception {
    JsonNode result =
        result(
            "Content-Type: text/plain\r\n"
                + "Content-Encoding: deflate, identity\r\n"
                + "Content-Encoding: gzip",
            compressed("gzip", compressed("deflate", utf8("twice"))));

    assertThat(result.path("body").asText()).isEqualTo("twice");
  }

  @Test
  void aBombIsCutAtTheLimit() throws Exception {
    byte[] bomb = compressed("gzip", compressed("gzip", new byte[200 << 20]));
    config.setMaxResponse(DataSize.kibibytes(256));

    JsonNode result = result("Content-Type: text/plain\r\nContent-Encoding: gzip, gzip", bomb);

    assertThat(result.path("body_cut").asBoolean()).isTrue();
    assertThat(result.path("body_note").asText()).contains("cut after");
    assertThat(result.toString()).hasSizeBetween(200 * 1024, 256 * 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip", "deflate", "gzip, br", "a,b,c,d"})
  void keepsWhatCannotBeDecompressedAsItCame(String coding) throws Exception {
    byte[] body = utf8("no such thing");

    JsonNode result = result("Content-Encoding: " + coding, body);

    assertThat(result.path("body_encoding").asText()).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(result.path("body").asText())).isEqualTo(body);
    assertThat(result.path("headers").path("content-encoding").asText()).isEqualTo(coding);
    assertThat(result.path("body_note").asText()).contains("cannot be decoded");
  }

  @Test
  void keepsTheBeginningOfWhatWasCompressedAndBroke() throws Exception {
    byte[] whole = compressed("gzip", utf8("0123456789".repeat(10_000)));

    JsonNode result =
        result(
            "Content-Type: text/plain\r\nContent-Encoding: gzip",
            Arrays.copyOf(whole, whole.length - 20));

    assertThat(result.path("body").asText()).startsWith("0123456789012345");
    assertThat(result.path("body_cut").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "text/html;                            , ISO-8859-1, as ISO-8859-1",
    "text/html; charset=utf-8              , ISO-8859-1, as ISO-8859-1",
    "application/xml                       , ISO-8859-1, as ISO-8859-1",
    "text/html; charset=iso-8859-1         , ISO-8859-1, ",
    "text/html; charset=windows-1252       , windows-1252, ",
    "text/plain; charset=utf-16le          , UTF-16LE, ",
    "application/octet-stream              , UTF-8, ",
    "application/octet-stream;charset=utf-16be, UTF-16BE, ",
  })
  void readsTextByItsCharset(String type, String charset, String note) throws Exception {
    String text = "Grüße, çà et là";

    JsonNode result = result("Content-Type: " + type, text.getBytes(Charset.forName(charset)));

    assertThat(result.path("body").asText()).isEqualTo(text);
    assertThat(result.path("body_note").asText()).endsWith(note == null ? "" : note);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, text/plain; charset=iso-8859-1",
    "UTF-16LE, text/plain",
    "UTF-16BE, text/plain; charset=utf-8",
    "UTF-32LE, application/octet-stream",
    "UTF-8, application/json",
    "UTF-16LE, application/json",
  })
  void aByteOrderMarkDecides(String charset, String type) throws Exception {
    JsonNode result =
        result("Content-Type: " + type, "\ufeff[\"grüße\"]".getBytes(Charset.forName(charset)));

    if (type.endsWith("json")) {
      assertThat(result.path("body").path(0).asText()).isEqualTo("grüße");
    } else {
      assertThat(result.path("body").asText()).isEqualTo("[\"grüße\"]");
    }
    assertThat(result.has("body_note")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/pdf", "image/png", "application/octet-stream", ""})
  void keepsWhatIsNoTextAsBase64(String type) throws Exception {
    byte[] body = {'%', 'P', 'D', 'F', (byte) 0xe2, (byte) 0xe3, 0, 1, (byte) 0xff};

    JsonNode result = result(type.isEmpty() ? "" : "Content-Type: " + type, body);

    assertThat(result.path("body_encoding").asText()).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(result.path("body").asText())).isEqualTo(body);
    assertThat(result.path("body_note").asText())
        .isEqualTo("it is no text, so it is kept as base64");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"a\":1,\"a\":2}', equal names",
    "'{\"b\":{\"a\":1,\"\\u0061\":2}}', equal names",
    "'[\"\\ud800\"]', half a surrogate",
    "'{\"\\udc00\\ud800\":1}', half a surrogate",
    "'{oops', is no JSON",
    "'1 2', is no JSON",
    "' ', is no JSON",
  })
  void keepsJsonThatCannotBeKeptAsText(String body, String note) throws Exception {
    JsonNode result = result("Content-Type: application/problem+json", utf8(body));

    assertThat(result.path("body").asText()).isEqualTo(body);
    assertThat(result.path("body_note").asText()).contains(note).endsWith("so it is kept as text");
  }

  @Test
  void cutsABodyThatIsTooLong() throws Exception {
    JsonNode result =
        result(
            ", \"max_response_bytes\": 4", "Content-Type: text/plain; charset=utf-8", utf8("abcü"));

    assertThat(result.path("body").asText()).isEqualTo("abc");
    assertThat(result.path("body_note").asText()).isEqualTo("it is cut after 4 bytes");
    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(
            () ->
                result(
                    ", \"max_response_bytes\": 4, \"on_large\": \"fail\"",
                    "X-None: 0",
                    utf8("abcü")))
        .withMessageContaining("larger than the limit of 4 bytes");
    assertThat(
            result(", \"max_response_bytes\": 5, \"on_large\": \"fail\"", "X-None: 0", utf8("abcü"))
                .path("body")
                .asText())
        .isEqualTo("abcü");
  }

  @Test
  void keepsNothingWhenNothingIsWanted() throws Exception {
    JsonNode result =
        result(", \"max_response_bytes\": 0, \"on_large\": \"fail\"", "X-None: 0", utf8("x"));

    assertThat(result.toString()).isEqualTo("{\"status\":200,\"body\":null}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\"", "\u0001", "ü", "\u4e2d"})
  void theResultIsNoLargerThanWhatIsKeptOfABody(String character) throws Exception {
    int count = ((1 << 20) + 1) / utf8(character).length;
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d";
    byte[] body = utf8(character.repeat(count));

    String json = run("", head.formatted(body.length), body).json();

    assertThat(utf8(json).length).isBetween(1_000_000, 1 << 20);
    assertThat(json).contains("\"body_cut\":true");
  }
}
