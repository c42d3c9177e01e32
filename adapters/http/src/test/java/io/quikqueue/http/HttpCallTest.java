package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.domain.job.InvalidPayloadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCallTest {

  @Test
  void needsNothingButAUrl() {
    HttpCall call = HttpCall.parse("{\"url\": \"https://Example.COM\"}");

    assertThat(call.url()).hasToString("https://example.com/");
    assertThat(call.url().port()).isEqualTo(443);
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.headers()).isEmpty();
    assertThat(call.body()).isNull();
    assertThat(call.timeout()).isNull();
    assertThat(call.maxResponseBytes()).isNull();
    assertThat(call.accepts(200)).isTrue();
    assertThat(call.accepts(299)).isTrue();
    assertThat(call.accepts(300)).isFalse();
  }

  @Test
  void readsAllFields() {
    HttpCall call =
        HttpCall.parse(
            """
            {"url": "http://example.com:8080/a%20b/ü?q=1#part", "method": "PUT", "headers": {"X-A": "b"},
             "body": {"n": 12345678901234567890.10}, "timeout": "90s", "accept": [204, "3xx", "400-404"],
             "retry_on": [202, 405], "fail_on": ["500-599"], "max_response_bytes": 10}\
            """);

    assertThat(call.url()).hasToString("http://example.com:8080/a%20b/%C3%BC?q=1");
    assertThat(call.url().port()).isEqualTo(8080);
    assertThat(call.method()).isEqualTo("PUT");
    assertThat(call.headers())
        .containsExactlyInAnyOrderEntriesOf(Map.of("X-A", "b", "Content-Type", "application/json"));
    assertThat(call.body()).isEqualTo("{\"n\": 12345678901234567890.10}");
    assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(call.maxResponseBytes()).isEqualTo(10);
    assertThat(call.statuses())
        .isEqualTo(
            new StatusRules(
                List.of(
                    new StatusRange(204, 204),
                    new StatusRange(300, 399),
                    new StatusRange(400, 404)),
                List.of(new StatusRange(202, 202), new StatusRange(405, 405)),
                List.of(new StatusRange(500, 599))));
  }

  @Test
  void sendsAStringAsText() {
    HttpCall call = HttpCall.parse("{\"url\": \"http://example.com\", \"body\": \"hi\"}");

    assertThat(call.body()).isEqualTo("hi");
    assertThat(call.headers()).containsEntry("Content-Type", "text/plain; charset=utf-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-0.0",
        "1E+2",
        "{ \"b\" : 1 }",
        "[ 1.10,\n\t-0 , \"\\u00fc\\/\" ]",
        "{\"a\":{\"body\":2},\"b\":[]}",
        "true",
      })
  void sendsJsonByteForByte(String body) {
    HttpCall call =
        HttpCall.parse(
            "{\"headers\": {\"body\": \"7\"}, \"body\" :  %s , \"url\": \"http://example.com\"}"
                .formatted(body));

    assertThat(call.body()).isEqualTo(body);
    assertThat(call.headers()).containsEntry("Content-Type", "application/json");
  }

  @Test
  void sendsABodyTextAsItIs() {
    HttpCall call =
        HttpCall.parse("{\"url\": \"http://example.com\", \"body_text\": \"{ \\\"a\\\" : 1 }\"}");

    assertThat(call.body()).isEqualTo("{ \"a\" : 1 }");
  }

  @Test
  void takesAMethodInAnyCase() {
    assertThat(HttpCall.parse("{\"url\": \"http://e.com\", \"method\": \"geT\"}").method())
        .isEqualTo("GET");
  }

  @Test
  void keepsAContentTypeThatIsGiven() {
    HttpCall call =
        HttpCall.parse(
            "{\"url\": \"http://example.com\", \"body\": \"<a/>\", \"headers\": {\"content-type\":"
                + " \"text/xml\"}}");

    assertThat(call.headers()).containsOnly(Map.entry("content-type", "text/xml"));
  }

  @Test
  void sendsNothingForNull() {
    HttpCall call = HttpCall.parse("{\"url\": \"http://example.com\", \"body\": null}");

    assertThat(call.body()).isNull();
    assertThat(call.headers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"250ms, PT0.25S", "10s, PT10S", "1h, PT1H", "2d, PT48H", "PT1M30S, PT1M30S"})
  void readsDurations(String text, Duration timeout) {
    assertThat(
            HttpCall.parse("{\"url\": \"http://e.com\", \"timeout\": \"" + text + "\"}").timeout())
        .isEqualTo(timeout);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "payload | [1]",
        "payload | nonsense",
        "payload | {} {}",
        "payload | {'url': 'http://e.com', 'url': 'http://f.com'}",
        "url | {}",
        "url | {'url': 7}",
        "url | {'url': ''}",
        "url | {'url': '/path'}",
        "url | {'url': 'ftp://e.com/'}",
        "url | {'url': 'file:///etc/passwd'}",
        "url | {'url': 'http:///x'}",
        "url | {'url': 'http://'}",
        "url | {'url': 'http:e.com'}",
        "url | {'url': 'http://user:secret@e.com/'}",
        "url | {'url': 'http://user@e.com/'}",
        "url | {'url': 'http://@e.com/'}",
        "url | {'url': 'http://e.com:0/'}",
        "url | {'url': 'http://e.com:65536/'}",
        "url | {'url': 'http://e.com:99999999999/'}",
        "url | {'url': 'http://e.com\\\\@f.com/'}",
        "url | {'url': 'http://e .com/'}",
        "url | {'url': 'http://e.com\\\\f.com/'}",
        "url | {'url': 'http://e<.com/'}",
        "url | {'url': 'http://a..b/'}",
        "url | {'url': 'http://ü／f.com/'}",
        "url | {'url': 'http://ü\u202e.com/'}",
        "url | {'url': 'http://１２７.0.0.1/'}",
        "url | {'url': 'http://[::1]x/'}",
        "url | {'url': 'http://e.com:8x/'}",
        "url | {'url': 'http://[::1]/\ud800'}",
        "url | {'url': 'http://e.com/\\n'}",
        "url | {'url': 'http://2130706433/'}",
        "url | {'url': 'http://0x7f000001/'}",
        "url | {'url': 'http://0x7f.0.0.1/'}",
        "url | {'url': 'http://0177.0.0.1/'}",
        "url | {'url': 'http://127.0.0.01/'}",
        "url | {'url': 'http://127.1/'}",
        "url | {'url': 'http://127.0.1/'}",
        "url | {'url': 'http://127.0.0.1./'}",
        "url | {'url': 'http://1.2.3.4.5/'}",
        "url | {'url': 'http://256.0.0.1/'}",
        "url | {'url': 'http://[fe80::1%25eth0]/'}",
        "url | {'url': 'http://[fe80::1%eth0]/'}",
        "url | {'url': 'http://[::1/'}",
        "url | {'url': 'http://[1.2.3.4]/'}",
        "url | {'url': 'http://①②⑦.0.0.1/'}",
        "url | {'url': 'http://e%2ecom/'}",
        "method | {'url': 'http://e.com', 'method': 'TRACE'}",
        "body_text | {'url': 'http://e.com', 'body_text': {}}",
        "body_text | {'url': 'http://e.com', 'body_text': 'x', 'body': 'y'}",
        "method | {'url': 'http://e.com', 'method': null}",
        "headers | {'url': 'http://e.com', 'headers': []}",
        "headers.X | {'url': 'http://e.com', 'headers': {'X': 1}}",
        "headers.X | {'url': 'http://e.com', 'headers': {'X': 'a\\r\\nHost: f'}}",
        "headers.X | {'url': 'http://e.com', 'headers': {'X': 'ü'}}",
        "headers.a b | {'url': 'http://e.com', 'headers': {'a b': 'c'}}",
        "headers. | {'url': 'http://e.com', 'headers': {'': 'c'}}",
        "headers.x | {'url': 'http://e.com', 'headers': {'X': 'a', 'x': 'b'}}",
        "headers.Host | {'url': 'http://e.com', 'headers': {'Host': 'f.com'}}",
        "headers.content-length | {'url': 'http://e.com', 'headers': {'content-length': '1'}}",
        "headers.Transfer-Encoding | {'url': 'http://e.com', 'headers': {'Transfer-Encoding':"
            + " 'x'}}",
        "headers.Connection | {'url': 'http://e.com', 'headers': {'Connection': 'x'}}",
        "headers.Proxy-Authorization | {'url': 'http://e.com', 'headers': {'Proxy-Authorization':"
            + " 'x'}}",
        "headers.QuikQueue-Job-Id | {'url': 'http://e.com', 'headers': {'QuikQueue-Job-Id': 'x'}}",
        "headers.quikqueue-x | {'url': 'http://e.com', 'headers': {'quikqueue-x': 'x'}}",
        "headers.webhook-id | {'url': 'http://e.com', 'headers': {'webhook-id': 'x'}}",
        "headers.Webhook-Timestamp | {'url': 'http://e.com', 'headers': {'Webhook-Timestamp':"
            + " '1'}}",
        "headers.WEBHOOK-x | {'url': 'http://e.com', 'headers': {'WEBHOOK-x': ''}}",
        "timeout | {'url': 'http://e.com', 'timeout': 10}",
        "timeout | {'url': 'http://e.com', 'timeout': 'soon'}",
        "timeout | {'url': 'http://e.com', 'timeout': '0s'}",
        "timeout | {'url': 'http://e.com', 'timeout': '-PT1S'}",
        "accept | {'url': 'http://e.com', 'accept': 200}",
        "accept | {'url': 'http://e.com', 'accept': []}",
        "accept | {'url': 'http://e.com', 'accept': [true]}",
        "accept | {'url': 'http://e.com', 'accept': [20]}",
        "accept | {'url': 'http://e.com', 'accept': ['1xx']}",
        "accept | {'url': 'http://e.com', 'accept': ['299-200']}",
        "retry_on | {'url': 'http://e.com', 'retry_on': '5xx'}",
        "retry_on | {'url': 'http://e.com', 'retry_on': []}",
        "retry_on | {'url': 'http://e.com', 'retry_on': [600]}",
        "retry_on | {'url': 'http://e.com', 'retry_on': null}",
        "retry_on | {'url': 'http://e.com', 'accept': ['2xx', 304], 'retry_on': [429, '300-399']}",
        "fail_on | {'url': 'http://e.com', 'fail_on': [199]}",
        "fail_on | {'url': 'http://e.com', 'fail_on': [{}]}",
        "fail_on | {'url': 'http://e.com', 'accept': ['4xx'], 'fail_on': [404]}",
        "fail_on | {'url': 'http://e.com', 'retry_on': ['409-429'], 'fail_on': [400, '410-411']}",
        "max_response_bytes | {'url': 'http://e.com', 'max_response_bytes': -1}",
        "max_response_bytes | {'url': 'http://e.com', 'max_response_bytes': 1.5}",
        "max_response_bytes | {'url': 'http://e.com', 'max_response_bytes': 4294967296}",
        "on_large | {'url': 'http://e.com', 'on_large': 'keep'}",
        "on_large | {'url': 'http://e.com', 'on_large': true}",
        "uri | {'url': 'http://e.com', 'uri': 'http://e.com'}",
      })
  void namesTheFieldAtFault(String fieldAndPayload) {
    String field = fieldAndPayload.substring(0, fieldAndPayload.indexOf(" | "));
    String payload =
        fieldAndPayload.substring(fieldAndPayload.indexOf(" | ") + 3).replace('\'', '"');

    String pointer =
        field.equals("payload") ? "" : "/" + field.replaceFirst("^headers\\.", "headers/");
    assertThatExceptionOfType(InvalidPayloadException.class)
        .isThrownBy(() -> HttpJobHandler.check(payload))
        .satisfies(e -> assertThat(e.pointer()).isEqualTo(pointer));
  }

  @Test
  void takesTheExamplesOfTheDocuments() throws IOException {
    String page = Files.readString(Path.of("../../docs/http-jobs.md"));
    List<String> examples =
        Pattern.compile("`(\\{\"url\":[^`]*})`")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(examples).isNotEmpty().allSatisfy(HttpCall::parse);
  }

  @Test
  void printsNoSecrets() {
    HttpCall call =
        HttpCall.parse(
            "{\"url\": \"http://e.com/?token=s3cret\", \"headers\": {\"Authorization\":"
                + " \"s3cret\"}, \"body\": \"s3cret\"}");

    assertThat(call.toString())
        .contains("http://e.com:80", "Authorization")
        .doesNotContain("s3cret");
  }
}
