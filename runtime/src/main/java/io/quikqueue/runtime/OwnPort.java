package io.quikqueue.runtime;

import com.codahale.metrics.health.HealthCheck.Result;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.ServerLifecycleListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/** Asks the application port of this process for {@code /}, over a connection as clients have. */
final class OwnPort implements ServerLifecycleListener {

  private static final String APPLICATION = "application";
  private static final int PATIENCE_MILLIS = 2_000;
  private static final Pattern ANSWERED = Pattern.compile("HTTP/1\\.1 [234]\\d\\d");
  private static final int STATUS_LENGTH = 12;

  private volatile @Nullable NetworkConnector connector;

  private OwnPort() {}

  /** Registers the check. */
  static void check(Environment environment, String name) {
    OwnPort port = new OwnPort();
    environment.lifecycle().addServerLifecycleListener(port);
    environment.healthChecks().register(name, new TimedHealthCheck(port::ask));
  }

  @Override
  public void serverStarted(Server server) {
    for (Connector each : server.getConnectors()) {
      if (APPLICATION.equals(each.getName()) && each instanceof NetworkConnector network) {
        connector = network;
      }
    }
  }

  private Result ask() throws IOException {
    NetworkConnector asked = connector;
    if (asked == null) {
      return Result.unhealthy("it does not listen yet");
    }
    InetSocketAddress address = address(asked);
    try (Socket socket = new Socket()) {
      socket.connect(address, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      String request =
          "GET / HTTP/1.1\r\nHost: localhost:"
              + address.getPort()
              + "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String status = new String(in.readNBytes(STATUS_LENGTH), StandardCharsets.US_ASCII);
      in.readAllBytes();
      return ANSWERED.matcher(status).matches()
          ? Result.healthy()
          : Result.unhealthy("its answer begins with \"%s\"", status);
    }
  }

  private static InetSocketAddress address(NetworkConnector connector) throws IOException {
    String host = connector.getHost();
    InetAddress bound = host == null ? null : InetAddress.getByName(host);
    return new InetSocketAddress(
        bound == null || bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound,
        connector.getLocalPort());
  }
}
