package io.quikqueue.redis;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Greets as Redis does, and then answers what it is told to. */
final class LyingRedis implements AutoCloseable {

  private static final Answer HELLO =
      new Answer(Resp.of(List.of("server", "redis", "proto", 2L)), false);

  private final ServerSocket server;
  private final Answers answers;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** What to say. */
  @FunctionalInterface
  interface Answers {

    /** What to say to this command, which is in upper case. */
    Answer to(String command);
  }

  /**
   * What is said.
   *
   * @param last whether the connection ends with it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(byte[] bytes, boolean last) {}

  LyingRedis(Answers answers) throws IOException {
    this.answers = answers;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String uri() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        String command = command(in);
        Answer answer = command.equals("HELLO") ? HELLO : answers.to(command);
        socket.getOutputStream().write(answer.bytes());
        if (answer.last()) {
          return;
        }
      }
    } catch (IOException e) {
      // the client has gone
    } finally {
      open.remove(socket);
    }
  }

  /** Reads an array of bulk strings, of which the first is the command. */
  private static String command(InputStream in) throws IOException {
    int parts = number(in, '*');
    List<String> words = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      int length = number(in, '$');
      words.add(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
      in.skipNBytes(2);
    }
    return words.getFirst().toUpperCase(Locale.ROOT);
  }

  private static int number(InputStream in, char sign) throws IOException {
    int first = in.read();
    if (first != sign) {
      throw new IOException("expected " + sign + ", got " + first);
    }
    StringBuilder digits = new StringBuilder();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new IOException("cut off");
      }
      digits.append((char) b);
    }
    in.skipNBytes(1);
    return Integer.parseInt(digits.toString());
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
