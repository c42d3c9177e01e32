package io.quikqueue.http;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class HttpJobHandlerTest {

  /** Nobody listens on it, and the kernel gives it to nobody. */
  private static final int CLOSED_PORT = 1;

  private static final java.time.Duration PATIENCE = java.time.Duration.ofMinutes(1);

  private final HttpConfig config = new HttpConfig();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** What the name server says, one answer for each time it is asked. */
  private final Deque<List<String>> lookups = new ArrayDeque<>();

  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server();
    config.setAllow(List.of("127.0.0.1:" + server.port()));
    config.setConnectRetryDelay(Duration.milliseconds(1));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
    server.close();
  }

  private HttpJobHandler handler() {
    HttpJobHandler handler =
        new HttpJobHandler(
            config,
            host -> {
              if (lookups.isEmpty()) {
                throw new UnknownHostException(host);
              }
              return lookups.remove().stream().map(InetAddress::ofLiteral).toList();
            });
    opened.add(handler);
    return handler;
  }

  private Result run(String payload) throws Exception {
    return handler().run(OneRun.of(payload));
  }

  private String payload(String path) {
    return "{\"url\": \"" + server.url(path) + "\"}";
  }

  @Test
  void callsAndReturnsTheAnswer() throws Exception {
    server.answer("/hook", 201, "application/json", "{\"id\": 12345678901234567890, \"n\": 1.10}");

    Result result =
        run(
            "{\"url\": \"%s\", \"body\": {\"text\": \"hällo\"}, \"headers\": {\"X-Key\": \"k\"}}"
                .formatted(server.url("/hook?a=b")));

    assertThat(result.json())
        .isEqualTo(
            "{\"status\":201,\"headers\":{\"content-type\":\"application/json\"},"
                + "\"body\":{\"id\":12345678901234567890,\"n\":1.10}}");
    assertThat(result.note()).matches("HTTP 201 in \\d+ ms");
    Server.Request request = server.requests.getFirst();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/hook?a=b");
    assertThat(request.body()).isEqualTo("{\"text\": \"hällo\"}");
    assertThat(request.header("Content-type")).isEqualTo("application/json");
    assertThat(request.header("X-key")).isEqualTo("k");
    assertThat(request.header("Host")).isEqualTo("127.0.0.1:" + server.port());
    assertThat(request.header("User-agent")).isEqualTo("QuikQueue");
    assertThat(request.header("Quikqueue-job-id"))
        .isEqualTo("01920000-0000-7000-8000-000000000001");
    assertThat(request.header("Quikqueue-attempt")).isEqualTo("1");
    assertThat(request.header("Idempotency-key")).isEqualTo("01920000-0000-7000-8000-000000000001");
    assertThat(request.header("Traceparent")).isEqualTo(OneRun.TRACEPARENT);
    assertThat(request.headers())
        .doesNotContainKeys("Cookie", "Upgrade", "Expect", "Accept-encoding");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
  void callsByEveryMethod(String method) throws Exception {
    server.answer("/", exchange -> exchange.sendResponseHeaders(204, -1));

    Result result = run("{\"url\": \"%s\", \"method\": \"%s\"}".formatted(server.url("/"), method));

    assertThat(result.json()).isEqualTo("{\"status\":204,\"body\":null}");
    assertThat(server.requests.getFirst().method()).isEqualTo(method);
  }

  @Test
  void returnsTextForWhatIsNotJson() throws Exception {
    server.answer("/text", 200, "text/plain; charset=utf-8", "grüße");
    server.answer("/lie", 200, "application/json", "{oops");
    server.answer("/half", 200, "application/json", "[\"\\ud800\"]");
    server.answer("/pair", 200, "application/json", "[\"\\ud83d\\ude00\"]");
    server.answer("/odd", 200, "text/plain; charset=no-such", "odd");

    assertThat(run(payload("/text")).json()).endsWith("\"body\":\"grüße\"}");
    assertThat(run(payload("/lie")).json()).contains("\"body\":\"{oops\",");
    assertThat(run(payload("/half")).json()).contains("\"body\":\"[\\\"\\\\ud800\\\"]\",");
    assertThat(run(payload("/pair")).json()).endsWith("\"body\":[\"😀\"]}");
    assertThat(run(payload("/odd")).json()).contains("\"body\":\"odd\",");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410, 422})
  void givesUpOnARequestThatIsWrong(int status) {
    server.answer("/", status, "text/plain", "no\r\nway");

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run(payload("/")))
        .withMessageMatching(
            "HTTP " + status + " in \\d+ ms from http://127.0.0.1:" + server.port() + ": no way");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 423, 425, 429, 500, 502, 503, 504})
  void failsOnWhatMayPass(int status) {
    server.answer("/", status, null, "");

    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> run(payload("/")))
        .withMessageContaining("HTTP " + status);
    assertThat(server.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsNoRedirect(int status) {
    server.answer("/target", 200, null, "");
    server.answer(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().set("Location", server.url("/target"));
          exchange.sendResponseHeaders(status, -1);
        });

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run(payload("/moved")))
        .withMessageContaining("redirects are not followed");
    assertThat(server.requests).extracting(Server.Request::path).containsExactly("/moved");
  }

  @Test
  void takesTheStatusesTheJobAccepts() throws Exception {
    server.answer("/gone", 410, null, "");
    server.answer("/fine", 200, null, "");

    assertThat(
            run("{\"url\": \"%s\", \"accept\": [\"2xx\", 410]}".formatted(server.url("/gone")))
                .json())
        .isEqualTo("{\"status\":410,\"body\":null}");
    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(
            () -> run("{\"url\": \"%s\", \"accept\": [201]}".formatted(server.url("/fine"))))
        .withMessageContaining("HTTP 200");
  }

  @Test
  void waitsNoLongerThanTheJobSays() {
    server.hang("/");

    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(
            () -> run("{\"url\": \"%s\", \"timeout\": \"100ms\"}".formatted(server.url("/"))))
        .withMessage("no answer from http://127.0.0.1:" + server.port() + " within 100 ms");
  }

  @Test
  void waitsNoLongerThanTheAttemptLasts() {
    server.hang("/");

    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> handler().run(OneRun.of(payload("/"), java.time.Duration.ofMillis(100))))
        .withMessageContaining("within 100 ms");
    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> handler().run(OneRun.of(payload("/late"), java.time.Duration.ZERO)))
        .withMessageContaining("no time left");
    assertThat(server.requests).extracting(Server.Request::path).doesNotContain("/late");
  }

  @Test
  void endsTheCallWhenInterrupted() throws Exception {
    CompletableFuture<Boolean> connectionBroke = new CompletableFuture<>();
    server.answer(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          await()
              .atMost(PATIENCE)
              .ignoreExceptions()
              .until(
                  () -> {
                    try {
                      exchange.getResponseBody().write(' ');
                      exchange.getResponseBody().flush();
                      return false;
                    } catch (java.io.IOException e) {
                      return connectionBroke.complete(true);
                    }
                  });
        });
    HttpJobHandler handler = handler();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(
            () -> {
              try {
                end.completeExceptionally(new AssertionError(handler.run(OneRun.of(payload("/")))));
              } catch (Exception e) {
                end.complete(e);
              }
            });
    await().atMost(PATIENCE).until(() -> server.requests.size() == 1);

    thread.interrupt();

    assertThat(end.get(180, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThat(connectionBroke.get(180, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void readsNoMoreThanTheLimit() throws Exception {
    config.setMaxResponse(DataSize.bytes(8));
    server.answer("/8", 200, null, "12345678");
    server.answer("/9", 200, null, "123456789");
    server.answer("/bad", 500, null, "123456789");

    assertThat(run(payload("/8")).json()).isEqualTo("{\"status\":200,\"body\":\"12345678\"}");
    assertThat(run(payload("/9")).json())
        .isEqualTo(
            "{\"status\":200,\"body\":\"12345678\",\"body_cut\":true,"
                + "\"body_note\":\"it is cut after 8 bytes\"}");
    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> run(payload("/bad")))
        .withMessageEndingWith(": 12345678");
    assertThat(
            run("{\"url\": \"%s\", \"max_response_bytes\": 7}".formatted(server.url("/8"))).json())
        .contains("\"1234567\"");
  }

  @Test
  void readsNoMoreThanTheLimitOfAnAnswerWithoutEnd() throws Exception {
    server.answer(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[64 * 1024];
          Arrays.fill(block, (byte) 'a');
          while (server.closing.getCount() > 0) {
            exchange.getResponseBody().write(block); // throws when the other side has hung up
          }
        });

    assertThat(run(payload("/")).note()).contains("it is cut after 1048576 bytes");
  }

  @Test
  void refusesAnAddressThatIsNotPublic() {
    config.setAllow(List.of());
    server.answer("/", 200, null, "");

    for (String host : List.of("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0")) {
      assertThatExceptionOfType(PermanentFailureException.class)
          .isThrownBy(() -> run("{\"url\": \"http://" + host + ":" + server.port() + "/\"}"))
          .withMessageContaining(host + ":" + server.port() + " is not on the public internet");
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  void refusesANameWhoseAddressesAreNotPublic() {
    lookups.add(List.of("10.0.0.1", "fd00::1"));

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run("{\"url\": \"http://internal.test/\"}"))
        .withMessageContaining("internal.test:80 is not on the public internet")
        .withMessageContaining("worker.http.allow (QQ_ALLOW)")
        .withMessageNotContaining("10.0.0.1");
  }

  @Test
  void connectsToTheAddressThatWasJudged() throws Exception {
    server.answer("/", 200, null, "");
    lookups.add(List.of("10.0.0.1", "127.0.0.1"));
    lookups.add(List.of("10.0.0.1")); // what a hostile name server says when it is asked again

    run("{\"url\": \"http://rebind.test:" + server.port() + "/\"}");

    assertThat(lookups).hasSize(1);
    assertThat(server.requests.getFirst().header("Host")).isEqualTo("rebind.test:" + server.port());
  }

  @Test
  void judgesEveryCallThoughAConnectionIsOpen() throws Exception {
    server.answer("/", 200, "text/plain", "x");
    lookups.add(List.of("127.0.0.1"));
    lookups.add(List.of("10.0.0.1"));
    HttpJobHandler handler = handler();
    String payload = "{\"url\": \"http://rebind.test:" + server.port() + "/\"}";
    handler.run(OneRun.of(payload));

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> handler.run(OneRun.of(payload)));
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void asksForTheUrlAsItWasRead() throws Exception {
    CompletableFuture<String> line = new CompletableFuture<>();
    RawServer raw =
        new RawServer(
            connection -> {
              line.complete(connection.in().readLine());
              connection.request();
              connection.say("HTTP/1.1 204 None\r\n\r\n");
            });
    opened.add(raw);
    config.setAllow(List.of("my_service:" + raw.port()));
    lookups.add(List.of("127.0.0.1"));

    Result result =
        run(
            "{\"url\": \"http://My_service:%d//a b|{c}/[d]%%zz?q=<ü>&p=100%%#f\"}"
                .formatted(raw.port()));

    assertThat(result.note()).startsWith("HTTP 204");
    assertThat(line.get(180, TimeUnit.SECONDS))
        .isEqualTo("POST //a%20b%7C%7Bc%7D/[d]%zz?q=%3C%C3%BC%3E&p=100% HTTP/1.1");
  }

  @Test
  void failsWhenTheNameIsUnknown() {
    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> run("{\"url\": \"http://nowhere.test/\"}"))
        .withMessageContaining("nowhere.test");
  }

  @Test
  void triesTheNextAddressWhenAConnectionIsRefused() throws Exception {
    server.answer("/", 200, null, "");
    config.setConnectTimeout(Duration.seconds(1));
    config.setAllow(List.of("127.0.0.0/8"));
    lookups.add(List.of("127.0.0.77", "127.0.0.1")); // nobody listens on the first

    Result result = run("{\"url\": \"http://two.test:" + server.port() + "/\"}");

    assertThat(result.note()).startsWith("HTTP 200");
  }

  @Test
  void failsWhenNobodyListens() throws Exception {
    int port = CLOSED_PORT;
    config.setAllow(List.of("127.0.0.1:" + port));

    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> run("{\"url\": \"http://127.0.0.1:" + port + "/\"}"))
        .withMessageContaining("no answer from http://127.0.0.1:" + port + ": ")
        .withMessageContaining("refused");
  }

  @Test
  void holdsBackWhatCallsAPathThatDoesNotServe() throws Exception {
    config.setBreakerFailures(3);
    config.setBreakerDelay(Duration.milliseconds(300));
    AtomicInteger down = new AtomicInteger(503);
    server.answer("/down", exchange -> exchange.sendResponseHeaders(down.get(), -1));
    server.answer("/fine", 200, null, "");
    HttpJobHandler handler = handler();
    for (int i = 0; i < 2; i++) {
      fails(handler, "/down", "HTTP 503");
    }
    down.set(500);
    fails(handler, "/down", "HTTP 500"); // it serves: the row of failures ends
    down.set(504);
    for (int i = 0; i < 3; i++) {
      fails(handler, "/down", "HTTP 504");
    }

    PostponedException held = held(handler, payload("/down"));

    assertThat(held.reason()).contains("is open after 3 failed calls");
    assertThat(held.answer()).isNull();
    assertThat(server.requests).hasSize(6);
    for (int i = 0; i < 20; i++) {
      assertThat(handler.run(OneRun.of(payload("/fine"))).note()).startsWith("HTTP 200");
    }
    down.set(200);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> handler.run(OneRun.of(payload("/down"))) != null);
    assertThat(handler.run(OneRun.of(payload("/down"))).note()).startsWith("HTTP 200");
  }

  @Test
  void holdsBackWhatCallsAHostThatCannotBeReached() throws Exception {
    int port = CLOSED_PORT;
    config.setAllow(List.of("127.0.0.1:" + port));
    config.setBreakerFailures(3);
    HttpJobHandler handler = handler();
    for (int i = 0; i < 3; i++) {
      String payload = "{\"url\": \"http://127.0.0.1:%d/%d\"}".formatted(port, i);
      assertThatExceptionOfType(HttpCallFailedException.class)
          .isThrownBy(() -> handler.run(OneRun.of(payload)));
    }

    assertThat(held(handler, "{\"url\": \"http://127.0.0.1:" + port + "/x\"}").reason())
        .isEqualTo("the circuit of http://127.0.0.1:" + port + " is open after 3 failed calls");
  }

  @Test
  void countsNoTimeoutThatIsShorterThanItsOwn() {
    config.setBreakerFailures(2);
    config.setTimeout(Duration.milliseconds(200));
    server.hang("/");
    HttpJobHandler handler = handler();
    String hasty = "{\"url\": \"%s\", \"timeout\": \"50ms\"}".formatted(server.url("/"));
    for (int i = 0; i < 5; i++) {
      assertThatExceptionOfType(HttpCallFailedException.class)
          .isThrownBy(() -> handler.run(OneRun.of(hasty)))
          .withMessageContaining("within 50 ms");
      assertThatExceptionOfType(HttpCallFailedException.class)
          .isThrownBy(() -> handler.run(OneRun.of(payload("/"), java.time.Duration.ofMillis(50))));
    }

    fails(handler, "/", "within 200 ms");
    fails(handler, "/", "within 200 ms");
    assertThat(held(handler, hasty).reason()).contains("after 2 failed calls");
  }

  @Test
  void countsNothingThatItRefusesItself() {
    config.setAllow(List.of());
    config.setBreakerFailures(1);
    HttpJobHandler handler = handler();
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(PermanentFailureException.class)
          .isThrownBy(() -> handler.run(OneRun.of(payload("/"))));
      assertThatExceptionOfType(HttpCallFailedException.class)
          .isThrownBy(() -> handler.run(OneRun.of("{\"url\": \"http://nowhere.test/\"}")));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 503})
  void waitsWhenItIsAskedTo(int status) {
    server.answer(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "30");
          Server.send(exchange, status, "text/plain", "later");
        });
    HttpJobHandler handler = handler();

    PostponedException asked = held(handler, payload("/"));
    PostponedException other = held(handler, payload("/?other"));

    assertThat(asked.waitTime()).isBetween(ofSeconds(29), ofSeconds(31));
    assertThat(asked.answer()).startsWith("HTTP " + status).endsWith(": later");
    assertThat(asked.reason()).contains("asked to wait");
    assertThat(other.waitTime()).isGreaterThan(ofSeconds(20));
    assertThat(other.answer()).isNull();
    assertThat(server.requests).hasSize(1);
    if (status == 429 || status == 503) {
      assertThat(asked.closed()).isBetween(ofSeconds(29), ofSeconds(31));
    } else {
      assertThat(asked.closed()).isNull();
    }
    assertThat(other.closed()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"url\": \"HTTP://Example.com/a?secret\"} | http://example.com:80",
        "{\"url\": \"https://user:word@h.test:8443/\"} |",
        "{\"url\": \"https://h.test:8443/\"} | https://h.test:8443",
        "{\"url\": 7} |",
        "[1] |",
        "{ |",
      })
  void findsTheHostThatAPayloadNamesAndNothingElseOfIt(String payload, String host) {
    assertThat(HttpJobHandler.hostOf(payload)).isEqualTo(host);
  }

  @Test
  void doesNotWaitForWhatEndsTheJob() throws Exception {
    server.answer(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "30");
          exchange.sendResponseHeaders(exchange.getRequestURI().getQuery() == null ? 404 : 503, -1);
        });

    assertThatExceptionOfType(PermanentFailureException.class).isThrownBy(() -> run(payload("/")));
    assertThat(run("{\"url\": \"%s\", \"accept\": [503]}".formatted(server.url("/?x"))).note())
        .startsWith("HTTP 503");
  }

  @Test
  void endsTheJobByAStatusThatItNamesThoughTheServerAsksToWait() {
    server.answer(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "30");
          exchange.sendResponseHeaders(503, -1);
        });
    HttpJobHandler handler = handler();

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(
            () ->
                handler.run(
                    OneRun.of("{\"url\": \"%s\", \"fail_on\": [503]}".formatted(server.url("/")))));
    assertThat(held(handler, payload("/")).reason()).contains("asked to wait");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void triesAgainByAStatusThatTheJobNames() {
    server.answer("/busy", 202, null, "");
    server.answer("/moved", 302, null, "");

    for (String path : List.of("/busy", "/moved")) {
      assertThatExceptionOfType(HttpCallFailedException.class)
          .isThrownBy(
              () ->
                  run(
                      "{\"url\": \"%s\", \"retry_on\": [202, \"3xx\"]}"
                          .formatted(server.url(path))));
    }
  }

  private static PostponedException held(HttpJobHandler handler, String payload) {
    return catchThrowableOfType(PostponedException.class, () -> handler.run(OneRun.of(payload)));
  }

  private void fails(HttpJobHandler handler, String path, String message) {
    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> handler.run(OneRun.of(payload(path))))
        .withMessageContaining(message);
  }

  @Test
  void namesTheFieldOfABadPayload() {
    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> run("{\"url\": \"gopher://e.com\"}"))
        .withMessage("url: must begin with http:// or https://");
  }

  @Test
  void runsManyCallsAtOnce() throws Exception {
    server.answer("/", 200, "application/json", "1");
    config.setMaxConnectionsPerHost(8);
    HttpJobHandler handler = handler();
    List<CompletableFuture<Result>> results = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Result> result = new CompletableFuture<>();
      results.add(result);
      Thread.startVirtualThread(
          () -> {
            try {
              result.complete(handler.run(OneRun.of(payload("/"))));
            } catch (Exception e) {
              result.completeExceptionally(e);
            }
          });
    }

    for (CompletableFuture<Result> result : results) {
      assertThat(result.get(180, TimeUnit.SECONDS).json()).contains("\"body\":1");
    }
    assertThat(server.requests).hasSize(200);
  }
}
