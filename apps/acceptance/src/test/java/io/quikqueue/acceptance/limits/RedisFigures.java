package io.quikqueue.acceptance.limits;

import io.quikqueue.servers.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks Redis, in its own protocol, for what no app tells. */
final class RedisFigures {

  private static final int PATIENCE_MS = 60_000;

  private final RedisServer server;

  RedisFigures(RedisServer server) {
    this.server = server;
  }

  /** Memory that Redis counts against its limit, in MB (2^20 bytes). */
  double usedMb() {
    return Double.parseDouble(line("INFO memory", "used_memory:")) / (1 << 20);
  }

  /** Jobs of this queue, which are of type echo, that are ready. */
  long ready(String queue) {
    return Long.parseLong(line("ZCARD {qq}:2:ready:" + queue + "/echo", ":"));
  }

  void flushAll() {
    line("FLUSHALL", "+OK");
  }

  /** The rest of the first line of the answer that begins so. */
  private String line(String command, String prefix) {
    try (Socket socket = new Socket(server.host(), server.port())) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = answer.readLine(); line != null; line = answer.readLine()) {
        if (line.startsWith("-")) {
          throw new IllegalStateException(command + ": " + line);
        }
        if (line.startsWith(prefix)) {
          return line.substring(prefix.length());
        }
      }
      throw new IllegalStateException(command + ": no line with " + prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
