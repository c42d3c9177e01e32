package io.quikqueue.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.rest.Http.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How bodies may be encoded. */
class EncodingsTest extends ApiTest {

  private static final String JOB = "{\"type\":\"echo\",\"payload\":\"ä\"}";
  private static final String MARK = "\uFEFF";

  @Test
  void aGzippedBodyThatWasCutIsRefusedWhereverItWasCut() throws IOException {
    byte[] whole = gzip(JOB);
    assertThat(gzipped("/v1/jobs", whole).status()).isEqualTo(202);
    for (int length = 1; length < whole.length; length++) {
      assertProblem(gzipped("/v1/jobs", Arrays.copyOf(whole, length)), 400, "unreadable-body");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/submit        | {\"text\":\"a\"}",
        "/echo          | [1,2]",
        "/v1/jobs/batch | [{\"type\":\"echo\",\"payload\":1}]",
      })
  void everyBodyIsReadThisWay(String path, String json) throws IOException {
    byte[] whole = gzip(json);
    assertThat(gzipped(path, whole).status()).isIn(200, 202);
    for (int missing : new int[] {1, 4, 8}) {
      assertProblem(
          gzipped(path, Arrays.copyOf(whole, whole.length - missing)), 400, "unreadable-body");
    }
    byte[] wrong = whole.clone();
    wrong[whole.length - 8] ^= 1;
    assertProblem(gzipped(path, wrong), 400, "unreadable-body");
    byte[] longer = Arrays.copyOf(whole, whole.length + 3);
    assertProblem(gzipped(path, longer), 400, "unreadable-body");
  }

  @Test
  void aByteOrderMarkIsLeftOut() throws IOException {
    Answer marked = http.post("/v1/jobs", MARK + JOB);
    assertThat(marked.json().path("payload").textValue()).isEqualTo("ä");
    assertThat(http.post("/submit", MARK + "{\"text\":\"a\"}").status()).isEqualTo(202);
    assertThat(http.post("/echo", MARK + "1").text()).isEqualTo("1");
    assertThat(gzipped("/v1/jobs", gzip(MARK + JOB)).status()).isEqualTo(202);
    for (String batch : new String[] {MARK + "[" + JOB + "]", MARK + " \n[" + JOB + "]"}) {
      assertThat(http.post("/v1/jobs/batch", batch).text()).contains("QUEUED");
    }
    Answer lines =
        http.post(
            "/v1/jobs/batch",
            (MARK + JOB + "\n" + JOB).getBytes(UTF_8),
            "content-type",
            "application/x-ndjson");
    assertThat(lines.json().path("items")).hasSize(2);
    assertThat(lines.text()).doesNotContain("error");
  }

  @Test
  void halfAMarkOrOneElsewhereIsNoJson() {
    byte[] half = {(byte) 0xEF, (byte) 0xBB, '1'};
    assertProblem(http.post("/echo", half), 400, "malformed-json");
    assertProblem(http.post("/v1/jobs/batch", half), 400, "malformed-json");
    assertProblem(http.post("/echo", MARK + MARK + "1"), 400, "malformed-json");
    assertProblem(http.post("/echo", MARK), 400, "malformed-json");
    assertProblem(http.post("/v1/jobs/batch", MARK), 400, "malformed-json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf8",
        "application/json;charset=\"UTF8\"",
        "application/vnd.example+json",
        "application/vnd.example.v2+JSON; charset=utf8",
        "Application/cloudevents+json;a=b",
      })
  void jsonByAnotherNameIsAccepted(String type) {
    assertThat(http.post("/v1/jobs", JOB, "content-type", type).status()).isEqualTo(202);
    assertThat(http.post("/submit", "{\"text\":\"a\"}", "content-type", type).status())
        .isEqualTo(202);
    assertThat(http.post("/v1/jobs/batch", "[]", "content-type", type).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/+json",
        "application/vnd.example+json; charset=utf-16",
        "text/x+json",
        "application/jsonx",
        "application/a+jsonx",
      })
  void whatIsNoJsonInUtf8IsNot(String type) {
    assertProblem(http.post("/v1/jobs", JOB, "content-type", type), 415, "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "-Infinity",
        "01",
        "+1",
        ".5",
        "1.",
        "/* a */ 1",
        "# a\n1",
        "{a:1}",
        "{'a':1}",
        "[1,]",
        "[1",
        "{\"a\":1",
        "\"a\nb\"",
        "\"\\x\"",
        "tru",
        "{\"a\":1,\"a\":2}",
      })
  void messagesAreNotThoseOfTheLibrary(String json) {
    String detail = http.post("/echo", json).string("detail");

    assertThat(detail)
        .contains("line ")
        .doesNotContainPattern(
            "[A-Z]{2,}_[A-Z]|Feature|Json[A-Z]|Stream[A-Z]|Source|enable|parser");
  }

  @Test
  void messagesAboutLimitsSayWhatTheLimitIs() {
    assertThat(http.post("/echo", "[".repeat(300)).string("detail")).contains("200 levels");
    assertThat(http.post("/echo", "1".repeat(2_000)).string("detail")).contains("1,000 digits");
    assertThat(http.post("/echo", "{\"" + "n".repeat(60_000) + "\":1}").string("detail"))
        .contains("50,000 characters");
  }

  private Answer gzipped(String path, byte[] body) {
    return http.post(path, body, "content-type", "application/json", "content-encoding", "gzip");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }
}
