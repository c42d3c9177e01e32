package io.quikqueue.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that says byte for byte what a test wants said. */
final class RawServer implements AutoCloseable {

  /** What is done with one connection; it is closed after. */
  @FunctionalInterface
  interface Conversation {
    void with(Connection connection) throws IOException, InterruptedException;
  }

  /** One connection. */
  record Connection(Socket socket, BufferedReader in, OutputStream out) {

    /** Reads a request with a body of the length it says; false when the client is gone. */
    boolean request() throws IOException {
      int length = 0;
      String line = in.readLine();
      if (line == null) {
        return false;
      }
      while (!line.isEmpty()) {
        if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        }
        line = in.readLine();
      }
      return in.skip(length) == length;
    }

    void say(String text) throws IOException {
      say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void say(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }
  }

  final CountDownLatch closing = new CountDownLatch(1);
  final AtomicInteger connections = new AtomicInteger();
  final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;

  RawServer(Conversation conversation) throws IOException {
    server = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket socket = server.accept();
                  connections.incrementAndGet();
                  Thread.ofVirtual().start(() -> converse(conversation, socket));
                } catch (IOException e) {
                  return; // closed
                }
              }
            });
  }

  private void converse(Conversation conversation, Socket socket) {
    open.add(socket);
    try (socket) {
      conversation.with(
          new Connection(
              socket,
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)),
              socket.getOutputStream()));
    } catch (IOException e) {
      // the client hung up
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  String payload(String more) {
    return "{\"url\": \"http://127.0.0.1:" + port() + "/\"" + more + "}";
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
