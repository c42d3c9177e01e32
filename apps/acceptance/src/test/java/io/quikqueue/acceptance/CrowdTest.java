package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever opens connections by the thousand, or waits for large jobs, stops nobody else. */
@OwnProcesses
final class CrowdTest {

  private static final int PATIENCE_MILLIS = 120_000;
  private static final int LARGE = 900_000;
  private static final Duration SOON = Duration.ofMinutes(3);

  private final List<Socket> sockets = new ArrayList<>();
  private Standalone up;

  @BeforeEach
  void start() {
    up = Standalone.start(Map.of());
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    up.close();
  }

  @Test
  void thousandsOfConnectionsOfOneCallerLeaveTheServiceToOthers() {
    String id = submitted("{\"type\":\"echo\",\"payload\":1,\"delay\":\"1h\"}");

    open(1_500, "GET /v1/jobs/" + id + "/result?wait=30s HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertAnswers();
    open(3_000, "");
    assertAnswers();
    open(
        1_100,
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 1000\r\n\r\n{");
    assertAnswers();
  }

  @Test
  void manyWaitsForLargeJobsAreAllAnswered() {
    String text = "x".repeat(LARGE) + "ж";
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      ids.add(submitted("{\"type\":\"echo\",\"payload\":\"" + text + "\",\"delay\":\"20s\"}"));
    }
    for (String id : ids) {
      open(1, "GET /v1/jobs/" + id + "/result?wait=30s HTTP/1.0\r\nHost: localhost\r\n\r\n");
    }

    List<String> answers = sockets.stream().map(CrowdTest::read).toList();
    // Whose turn has not come after ten seconds is asked to come again.
    assertThat(answers).allMatch(answer -> answer.matches("HTTP/1.1 (20.|503)"));
    assertThat(answers).anyMatch(answer -> !answer.endsWith("503"));
    await().atMost(SOON).until(() -> up.http().get("/results/" + ids.getLast()).status() == 200);
    assertAnswers();
  }

  @Test
  void answersThatAreNeverReadLeaveTheServiceToOthers() throws IOException {
    String id = submitted("{\"type\":\"echo\",\"payload\":\"" + "x".repeat(LARGE) + "\"}");
    await().until(() -> up.http().get("/v1/jobs/" + id + "/result").status() == 200);

    open(100, ("GET /v1/jobs/" + id + " HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(20));
    assertAnswers();
    open(100, "GET /v1/jobs/" + id + "/result HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertAnswers();
    submitted("{\"type\":\"echo\",\"payload\":1}");
    for (Socket socket : sockets) {
      socket.close();
    }

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> up.http().get("/v1/jobs/" + id).status() == 200);
    assertAnswers();
  }

  private void assertAnswers() {
    assertThat(up.http().get("/").status()).isEqualTo(200);
    // it gives an answer two seconds, which a machine with other work may exceed
    Http admin = new Http(up.admin("standalone"));
    await().atMost(SOON).until(() -> admin.get("/ready").status() == 200);
  }

  private String submitted(String json) {
    Http.Answer answer = up.http().post("/v1/jobs", json);
    assertThat(answer.status()).isEqualTo(202);
    return answer.string("id");
  }

  private void open(int count, String bytes) {
    for (int i = 0; i < count; i++) {
      try {
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), URI.create(up.address()).getPort());
        sockets.add(socket);
        socket.setSoTimeout(PATIENCE_MILLIS);
        send(socket, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void send(Socket socket, String bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
    } catch (SocketException e) {
      // one too many, and closed already; it is left to the service which are
    }
  }

  /** How the answer begins, after all of it was read. */
  private static String read(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      String start = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      in.transferTo(OutputStream.nullOutputStream());
      return start;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
