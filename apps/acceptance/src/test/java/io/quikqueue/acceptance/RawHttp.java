package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Sends bytes as they are, also those that no HTTP client would send. */
final class RawHttp {

  private static final int CONNECT_LIMIT = 60_000;

  private final InetSocketAddress address;

  RawHttp(String address) {
    URI uri = URI.create(address);
    this.address = new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  /**
   * What came back first.
   *
   * @param status 0 = the server closed the connection without a word
   * @param headers by name in lower case; of several of a name the last
   * @param rest what came after it
   */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Answer(int status, Map<String, String> headers, byte[] body, byte[] rest) {

    /** Checks that it is a whole problem document. */
    void requireProblem() throws IOException {
      assertThat(header("content-type")).isEqualTo("application/problem+json");
      JsonNode problem = new ObjectMapper().readTree(text());
      assertThat(problem.path("status").intValue()).isEqualTo(status);
      assertThat(problem.path("type").asText()).startsWith("urn:quikqueue:problem:");
      assertThat(problem.path("title").asText()).isNotBlank();
      assertThat(problem.path("detail").asText()).isNotBlank();
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * Sends the bytes and reads until the server closes the connection.
   *
   * @param end whether to end the sending side after the bytes
   * @throws AssertionError when the server keeps the connection open for longer than the limit
   *     without sending anything
   */
  Answer exchange(byte[] request, boolean end, Duration limit) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout((int) limit.toMillis());
      socket.connect(address, CONNECT_LIMIT);
      send(socket, request, end);
      return answer(received(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends the bytes and then a space every second, as a client that keeps a connection to itself,
   * until the server closes it.
   *
   * @throws AssertionError when that takes longer than the limit
   */
  Answer trickle(byte[] request, Duration limit) {
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        Socket socket = new Socket()) {
      socket.setSoTimeout((int) limit.toMillis());
      socket.connect(address, CONNECT_LIMIT);
      send(socket, request, false);
      ScheduledFuture<?> drops =
          clock.scheduleAtFixedRate(() -> drop(socket), 1, 1, TimeUnit.SECONDS);
      try {
        return answer(received(socket));
      } finally {
        drops.cancel(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void drop(Socket socket) {
    try {
      socket.getOutputStream().write(' ');
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the server has closed it; the last of the drops
    }
  }

  private static byte[] received(Socket socket) throws IOException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(received);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no end of the answer: " + received, e);
    } catch (SocketException e) {
      if (received.size() == 0) { // otherwise it is reset after the answer, unread bytes left over
        throw new AssertionError("no answer: " + e.getMessage(), e);
      }
    }
    return received.toByteArray();
  }

  private static void send(Socket socket, byte[] request, boolean end) throws IOException {
    try {
      socket.getOutputStream().write(request);
      if (end) {
        socket.shutdownOutput();
      }
    } catch (SocketException e) {
      // it has answered without reading everything; what it said can still be read
    }
  }

  private static Answer answer(byte[] received) {
    if (received.length == 0) {
      return new Answer(0, Map.of(), received, received);
    }
    String text = new String(received, StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0 || !text.matches("(?s)HTTP/1\\.1 \\d{3} .*")) {
      throw new AssertionError("not HTTP: " + text);
    }
    int status = Integer.parseInt(text.substring(9, 12));
    int from = headEnd + 4;
    if (status < 200) {
      return answer(text.substring(from).getBytes(StandardCharsets.ISO_8859_1));
    }
    Map<String, String> headers = headers(text.substring(0, headEnd));
    String chunked = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (chunked != null) {
      return ofChunks(status, headers, text, from);
    }
    int to = length == null ? received.length : from + Integer.parseInt(length);
    if (to > received.length) { // as after HEAD
      to = received.length;
    }
    return new Answer(status, headers, bytes(text, from, to), bytes(text, to, received.length));
  }

  private static Answer ofChunks(int status, Map<String, String> headers, String text, int from) {
    StringBuilder body = new StringBuilder();
    int at = from;
    while (at < text.length()) {
      int line = text.indexOf("\r\n", at);
      int size = Integer.parseInt(text.substring(at, line), 16);
      body.append(text, line + 2, line + 2 + size);
      at = line + 2 + size + 2;
      if (size == 0) {
        break;
      }
    }
    return new Answer(
        status, headers, bytes(body.toString(), 0, body.length()), bytes(text, at, text.length()));
  }

  private static Map<String, String> headers(String head) {
    Map<String, String> headers = new TreeMap<>();
    head.lines()
        .skip(1)
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              headers.put(
                  line.substring(0, colon).toLowerCase(Locale.ROOT),
                  line.substring(colon + 1).strip());
            });
    return headers;
  }

  private static byte[] bytes(String text, int from, int to) {
    return text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }
}
