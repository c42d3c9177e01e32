package io.quikqueue.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that are held open, each with what was sent on it. */
final class Sockets implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 180_000;

  private final int port;
  private final List<Socket> open = new ArrayList<>();

  Sockets(int port) {
    this.port = port;
  }

  static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  /** A POST whose body has begun, and does not go on. */
  static String begun(String path) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000"
        + "\r\n\r\n{";
  }

  Socket send(String bytes) {
    return sendFrom("127.0.0.1", bytes);
  }

  /**
   * @param local the client's address, of the loopback network
   */
  Socket sendFrom(String local, String bytes) {
    try {
      Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(local), 0);
      open.add(socket);
      socket.setSoTimeout(PATIENCE_MILLIS);
      write(socket, bytes);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Socket> send(int count, String bytes) {
    List<Socket> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent.add(send(bytes));
    }
    return sent;
  }

  static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** The status of the next answer; its body, of a length that it tells, is read too. */
  static int status(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      String head = head(in);
      String length = head.replaceFirst("(?is).*content-length: (\\d+).*", "$1");
      in.readNBytes(Integer.parseInt(length));
      return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) read);
    }
    return head.toString();
  }

  @Override
  public void close() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    open.clear();
  }
}
