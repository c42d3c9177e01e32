package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/** Tells callers apart, by the address that they call from. */
final class Callers {

  private static final String UNKNOWN = "unknown";
  private static final int IPV4 = 4;
  private static final int PREFIX = 8;

  private Callers() {}

  /** Who sent the request. */
  static String of(HttpServletRequest request) {
    return of(
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getRemoteSocketAddress());
  }

  /** Of an IPv6 address the network of 64 bits, within which a caller can choose freely. */
  static String of(@Nullable SocketAddress address) {
    InetAddress ip = address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    if (ip == null) {
      return UNKNOWN;
    }
    byte[] bytes = ip.getAddress();
    return HexFormat.of().formatHex(bytes, 0, bytes.length == IPV4 ? IPV4 : PREFIX);
  }
}
