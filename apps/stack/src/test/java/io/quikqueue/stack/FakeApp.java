package io.quikqueue.stack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * Stands in for an app: healthy at its admin port, and says at SIGTERM whether Redis is still
 * there.
 */
final class FakeApp {
  private FakeApp() {}

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(System.getenv("QQ_ADMIN_PORT"));
    URI redis = URI.create(System.getenv("QQ_REDIS"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
    server.createContext(
        "/healthcheck",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    System.out.println(String.join(" ", args) + " runs"); // before anybody may know that it does
    server.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try (Socket socket = new Socket(redis.getHost(), redis.getPort())) {
                    System.out.println("drained");
                  } catch (IOException e) {
                    System.out.println("no server left");
                  }
                }));
  }
}
