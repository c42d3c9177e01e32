package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final List<Integer> clients = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private Target target;

  @BeforeEach
  void aServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    target = new Target("127.0.0.1", server.getAddress().getPort(), "");
    server.createContext(
        "/",
        exchange -> {
          clients.add(exchange.getRemoteAddress().getPort());
          byte[] sent = exchange.getRequestBody().readAllBytes();
          byte[] body = sent.length > 0 ? sent : exchange.getRequestURI().getPath().getBytes(UTF_8);
          switch (exchange.getRequestURI().getPath()) {
            case "/empty" -> exchange.sendResponseHeaders(204, -1);
            case "/chunked" -> {
              exchange.sendResponseHeaders(200, 0);
              for (int i = 0; i < 3; i++) {
                exchange.getResponseBody().write("x".repeat(100_000).getBytes(UTF_8));
                exchange.getResponseBody().flush();
              }
            }
            case "/close" -> {
              exchange.getResponseHeaders().add("Connection", "close");
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            }
            default -> {
              exchange.sendResponseHeaders(202, body.length);
              exchange.getResponseBody().write(body);
            }
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n").getBytes(US_ASCII);
  }

  @Test
  void keepsOneConnectionForAllKindsOfAnswers() throws IOException {
    try (HttpConnection connection = new HttpConnection(target, TIMEOUT)) {
      Answer first = connection.exchange(get("/first"));
      assertThat(first.status()).isEqualTo(202);
      assertThat(new String(first.body(), UTF_8)).isEqualTo("/first");

      Answer chunked = connection.exchange(get("/chunked"));
      assertThat(chunked.status()).isEqualTo(200);
      assertThat(new String(chunked.body(), UTF_8)).isEqualTo("x".repeat(300_000));

      assertThat(connection.exchange(get("/empty")).body()).isEmpty();

      Answer last = connection.exchange(get("/last"));
      assertThat(new String(last.body(), UTF_8)).isEqualTo("/last");
    }
    assertThat(clients).hasSize(4);
    assertThat(clients.stream().distinct()).hasSize(1);
  }

  @Test
  void sendsAWholeRequest() throws IOException {
    try (HttpConnection connection = new HttpConnection(target, TIMEOUT)) {
      Answer answer = connection.exchange(new Requests(target, 0).singles("q", 100_000).getFirst());

      assertThat(new String(answer.body(), UTF_8)).startsWith("{\"type\":\"echo\"").endsWith("}}");
      assertThat(answer.body().length).isGreaterThan(100_000);
    }
  }

  @Test
  void connectsAgainWhenTheServerCloses() throws IOException {
    try (HttpConnection connection = new HttpConnection(target, TIMEOUT)) {
      assertThat(connection.exchange(get("/close")).status()).isEqualTo(200);
      assertThat(connection.exchange(get("/again")).status()).isEqualTo(202);
    }
    assertThat(clients.stream().distinct()).hasSize(2);
  }

  @Test
  void anAnswerThatIsCutOffFails() throws IOException {
    String half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345";
    assertThatThrownBy(() -> askServerThatSends(half, true)).isInstanceOf(EOFException.class);
  }

  @Test
  void whatIsNotHttpFails() throws IOException {
    assertThatThrownBy(() -> askServerThatSends("220 mail.example.com\r\n", true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not an HTTP answer");
  }

  @Test
  void aServerThatDoesNotAnswerIsNotWaitedForLonger() throws IOException {
    assertThatThrownBy(() -> askServerThatSends("", false))
        .isInstanceOf(SocketTimeoutException.class);
  }

  /** Speaks to a server that sends this, whatever it is asked, and then closes or says no more. */
  private static void askServerThatSends(String text, boolean closes) throws IOException {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpConnection connection =
            new HttpConnection(
                new Target("127.0.0.1", listening.getLocalPort(), ""), Duration.ofMillis(200))) {
      connection.open();
      try (Socket accepted = listening.accept()) {
        accepted.getOutputStream().write(text.getBytes(US_ASCII));
        if (closes) {
          accepted.shutdownOutput();
        }
        connection.exchange(get("/"));
      }
    }
  }
}
