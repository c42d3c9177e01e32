package io.quikqueue.servers;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A real Redis 6.2: append-only file, synced every second, and no eviction. */
public final class RedisServer extends Server {
  private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

  private RedisServer(ServerOptions options) {
    super("redis", options);
  }

  /** Starts one and waits until it answers; {@code memoryMb} 0 means no limit. */
  public static RedisServer start(ServerOptions options) {
    RedisServer server = new RedisServer(options);
    server.start();
    return server;
  }

  /** {@code redis://127.0.0.1:PORT/0}. */
  public String uri() {
    return "redis://" + host() + ":" + port() + "/0";
  }

  @Override
  List<String> prepare() throws IOException {
    return List.of(
        Binaries.redis().toString(),
        "--bind",
        host(),
        "--port",
        Integer.toString(port()),
        "--dir",
        data().toString(),
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
        "--save",
        "",
        "--maxmemory-policy",
        "noeviction",
        "--maxmemory",
        memoryMb(0) + "mb");
  }

  @Override
  boolean answers() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(PING);
      // While it reads its file back it answers -LOADING.
      return socket.getInputStream().read() == '+';
    }
  }
}
