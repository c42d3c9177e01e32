package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an endpoint sends takes a bounded part of the worker's memory. */
@Timeout(600)
class LargeAnswersTest {

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final HttpConfig config = new HttpConfig();

  private RawServer server(RawServer.Conversation conversation) throws Exception {
    RawServer server = new RawServer(conversation);
    opened.add(server);
    config.setAllow(List.of("127.0.0.1:" + server.port()));
    config.setMaxConnectionsPerHost(200);
    return server;
  }

  private HttpJobHandler handler() {
    HttpJobHandler handler = new HttpJobHandler(config);
    opened.add(handler);
    return handler;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : opened.reversed()) {
      closeable.close();
    }
  }

  @Test
  void readsNoMoreHeadersThanTheLimitOfACrowdOfEndpointsThatSendMany() throws Exception {
    AtomicLong sent = new AtomicLong();
    String header = "X-Filler: " + "x".repeat(16_300) + "\r\n";
    RawServer server =
        server(
            connection -> {
              connection.request();
              connection.say("HTTP/1.1 200 OK\r\n");
              for (int i = 0; i < 199; i++) {
                connection.say(header);
                sent.addAndGet(header.length());
              }
              connection.in().read(); // says nothing more until the client is gone
            });

    config.setBreakerFailures(1_000); // all are to be called, however late the last one is

    List<CallsAtOnce.End> ends = CallsAtOnce.run(handler(), server.payload(""), 100);

    assertThat(ends)
        .allSatisfy(
            end ->
                assertThat(end.failure())
                    .isInstanceOf(HttpCallFailedException.class)
                    .hasMessageContaining("larger than 65536 bytes"));
  }

  /** One that sends them without end would keep a carrier thread for as long as it likes. */
  @Test
  void interimAnswersCountAsHeaders() throws Exception {
    AtomicInteger count = new AtomicInteger(800);
    RawServer server =
        server(
            connection -> {
              while (connection.request()) {
                for (int i = 0; i < count.get(); i++) {
                  connection.say("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                }
                connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              }
            });
    HttpJobHandler handler = handler();

    for (int call = 0; call < 3; call++) {
      assertThat(handler.run(OneRun.of(server.payload(""))).json()).contains("\"body\":\"ok\"");
    }
    count.set(50_000);
    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> handler.run(OneRun.of(server.payload(""))))
        .withMessageContaining("larger than 65536 bytes");
  }

  @Test
  void takesHeadersUpToTheLimit() throws Exception {
    RawServer server =
        server(
            connection -> {
              connection.request();
              connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n");
              for (int i = 0; i < 150; i++) {
                connection.say("X-" + i + ": " + "x".repeat(400) + "\r\n");
              }
              connection.say("\r\nok");
            });

    assertThat(handler().run(OneRun.of(server.payload(""))).json()).contains("\"body\":\"ok\"");
    config.setMaxResponseHeaders(DataSize.kibibytes(32));
    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> handler().run(OneRun.of(server.payload(""))))
        .withMessageContaining("the headers of its answer are larger than 32768 bytes");
  }

  @Test
  void keepsTheBodyThoughTooManyTrailersFollow() throws Exception {
    RawServer server =
        server(
            connection -> {
              connection.request();
              connection.say(HEAD + "2\r\nok\r\n0\r\n");
              for (int i = 0; i < 199; i++) {
                connection.say("X-Filler: " + "x".repeat(16_300) + "\r\n");
              }
            });

    assertThat(handler().run(OneRun.of(server.payload(""))).json()).contains("\"body\":\"ok\"");
  }

  @Test
  void largeBodiesShareABudgetAndSmallOnesNeedNone() throws Exception {
    config.setMaxResponses(DataSize.mebibytes(1));
    String block = "10000\r\n" + "y".repeat(65_536) + "\r\n";
    RawServer server =
        server(
            connection -> {
              connection.request();
              connection.say(HEAD);
              for (int i = 0; i < 8; i++) {
                connection.say(block);
              }
              connection.say("0\r\n\r\n");
            });
    HttpJobHandler handler = handler();

    // each wants nearly all of the budget: they wait for each other, and all get it
    List<CallsAtOnce.End> ends = CallsAtOnce.run(handler, server.payload(""), 20);

    assertThat(ends)
        .allSatisfy(end -> assertThat(end.result().json()).hasSizeGreaterThan(8 * 65_536));
  }

  @Test
  void jsonThatWouldMakeALargeTreeIsReadWithoutOne() throws Exception {
    byte[] body = ("[" + "{},".repeat(340_000) + "[]]").getBytes(StandardCharsets.US_ASCII);
    RawServer server =
        server(
            connection -> {
              connection.request();
              connection.say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
              connection.say(body);
            });

    List<CallsAtOnce.End> ends = CallsAtOnce.run(handler(), server.payload(""), 100);

    assertThat(ends).allSatisfy(end -> assertThat(end.result().json()).endsWith(",{},{},[]]}"));
  }

  @Test
  void aBodyThatFindsNoRoomIsCut() throws Exception {
    ByteBudget budget = new ByteBudget(1 << 20);
    InputStream body = new ByteArrayInputStream(new byte[100_000]);
    RawBody read;
    try (ByteBudget.Share hog = budget.share();
        ByteBudget.Share share = budget.share()) {
      assertThat(hog.take(1 << 20, 0)).isTrue();

      read = RawBody.read(body, 1 << 20, share, System.nanoTime());
    }

    assertThat(read.end()).isEqualTo(RawBody.End.NO_ROOM);
    assertThat(read.bytes()).hasSize(RawBody.SMALL);
    assertThat(budget.free()).isEqualTo(1 << 20);
    assertThat(
            AnswerResult.of(new HttpAnswer(200, null, null, null, read), 1 << 20, 1 << 20).json())
        .contains("\"body_cut\":true", "65536 bytes: the worker's calls hold too many");
  }

  @Test
  void aCallThatIsOverLeavesNothingOfTheBudgetTaken() throws Exception {
    String block = "10000\r\n" + "y".repeat(65_536) + "\r\n";
    RawServer server =
        server(
            connection -> {
              connection.request();
              connection.say(HEAD + block + block);
              connection.in().read(); // holds what it has until the client is gone
            });
    HttpJobHandler handler = handler();
    int all = handler.freeBytes();
    Thread hog =
        Thread.startVirtualThread(
            () -> {
              try {
                handler.run(OneRun.of(server.payload("")));
              } catch (Exception e) {
                // interrupted below
              }
            });
    await().atMost(Duration.ofMinutes(1)).until(() -> handler.freeBytes() < all);

    hog.interrupt();

    await().atMost(Duration.ofMinutes(1)).until(() -> handler.freeBytes() == all);
  }
}
