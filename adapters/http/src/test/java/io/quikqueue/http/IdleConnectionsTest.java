package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that a server closed while nobody used it is no failed call. */
@Timeout(600)
class IdleConnectionsTest {

  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final HttpConfig config = new HttpConfig();
  private final AtomicInteger answered = new AtomicInteger();
  private RawServer server;
  private HttpJobHandler handler;

  private HttpJobHandler handler(RawServer.Conversation conversation) throws Exception {
    server = new RawServer(conversation);
    config.setAllow(List.of("127.0.0.1:" + server.port()));
    handler = new HttpJobHandler(config);
    return handler;
  }

  @AfterEach
  void close() throws Exception {
    handler.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aServerThatClosesAfterEachAnswerWithoutSayingSo(String method) throws Exception {
    boolean reset = method.equals("GET");
    handler(
        connection -> {
          if (connection.request()) {
            answered.incrementAndGet();
            connection.say(ANSWER);
            if (reset) {
              connection.socket().shutdownOutput();
              connection.socket().setSoLinger(true, 0); // closing resets the connection
            }
          }
        });
    String payload =
        server.payload(
            ", \"method\": \"%s\"%s"
                .formatted(method, reset ? "" : ", \"body\": \"" + "x".repeat(100_000) + "\""));

    for (int i = 0; i < 1_000; i++) {
      assertThat(handler.run(OneRun.of(payload)).json()).contains("\"status\":200");
    }

    assertThat(answered).hasValue(1_000);
  }

  /** The next call would take what is left for its answer. */
  @ParameterizedTest
  @CsvSource({"HEAD, ok", "GET, ok and more", "POST, okHTTP/1.1 500 Other"})
  void aServerThatSendsMoreThanItsAnswer(String method, String body) throws Exception {
    handler(
        connection -> {
          while (connection.request()) {
            answered.incrementAndGet();
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body + "\r\n\r\n");
          }
        });
    String payload = server.payload(", \"method\": \"" + method + "\"");

    for (int i = 0; i < 5; i++) {
      assertThat(handler.run(OneRun.of(payload)).json()).contains("\"status\":200");
    }

    assertThat(answered).hasValue(5);
  }

  @Test
  void aLoadBalancerThatDropsAllIdleConnectionsAtOnce() throws Exception {
    handler(
        connection -> {
          while (connection.request()) {
            answered.incrementAndGet();
            connection.say(ANSWER);
          }
        });
    for (int round = 1; round <= 5; round++) {
      assertThat(CallsAtOnce.run(handler, server.payload(""), 200))
          .allSatisfy(end -> assertThat(end.failure()).isNull());
      assertThat(answered).hasValue(round * 200);
      for (Socket socket : server.open) {
        socket.close();
      }
      await().atMost(Duration.ofMinutes(1)).until(server.open::isEmpty);
    }
  }

  @Test
  void aConnectionOfItsOwnThatIsClosedIsAFailedCall() throws Exception {
    handler(
        connection -> {
          if (connection.request() && answered.getAndIncrement() == 0) {
            connection.say(ANSWER);
            connection.request();
            answered.getAndIncrement();
          }
        });
    handler.run(OneRun.of(server.payload("")));

    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> handler.run(OneRun.of(server.payload(""))))
        .withMessageContaining("no answer from");

    assertThat(answered).hasValue(3); // once more on a connection of its own, and no more
  }
}
