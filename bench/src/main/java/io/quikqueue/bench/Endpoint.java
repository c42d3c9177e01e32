package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An HTTP server on 127.0.0.1 that answers each request at once with 204: what {@code http} jobs
 * call while they are measured, so that nearly all the time is the deployment's. It reads a body by
 * its Content-Length.
 */
final class Endpoint implements AutoCloseable {

  private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1);
  private static final int BACKLOG = 1_000;
  private static final int LONGEST_HEAD = 16_384;
  private static final String LENGTH = "content-length:";

  private final ServerSocket server;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private Endpoint(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  /**
   * Listens until closed.
   *
   * @param port 0 = any that is free
   * @throws BenchException when the port is taken
   */
  static Endpoint listen(int port) {
    try {
      return new Endpoint(new ServerSocket(port, BACKLOG, InetAddress.getByName("127.0.0.1")));
    } catch (IOException e) {
      throw new BenchException(
          "--endpoint %d cannot be served: %s".formatted(port, e.getMessage()), e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  private void accept() {
    while (true) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      while (true) {
        in.skipNBytes(bodyLength(head(in)));
        connection.getOutputStream().write(ANSWER);
      }
    } catch (IOException | NumberFormatException e) {
      // The caller has gone, or what it sends is no request.
    } finally {
      connections.remove(connection);
    }
  }

  /** The lines of a request before its body, in lower case. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < LONGEST_HEAD) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      head.append((char) next);
      if (next == '\n' && head.length() >= 4 && head.charAt(head.length() - 3) == '\n') {
        return head.toString().toLowerCase(Locale.ROOT);
      }
    }
    throw new EOFException("a head of more than " + LONGEST_HEAD + " bytes");
  }

  private static long bodyLength(String head) {
    for (String line : head.split("\r\n", -1)) {
      if (line.startsWith(LENGTH)) {
        return Long.parseLong(line.substring(LENGTH.length()).strip());
      }
    }
    return 0;
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new BenchException("cannot close the endpoint: " + e.getMessage(), e);
    }
  }
}
