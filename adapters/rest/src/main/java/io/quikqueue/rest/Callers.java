package io.quikqueue.rest;

import io.quikqueue.domain.usecase.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/** Knows who sent a request, and from which address. */
final class Callers {

  private static final String ATTRIBUTE = Callers.class.getName();
  private static final String UNKNOWN = "unknown";
  private static final int IPV4 = 4;
  private static final int GROUPS = 4;
  private static final HexFormat HEX = HexFormat.of();

  private Callers() {}

  /** Where a request that has come to the {@link FrontDoor} was sent from. */
  static String address(HttpServletRequest request) {
    return address(
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getRemoteSocketAddress());
  }

  /** Lets whatever serves the request know who sent it. */
  static void put(HttpServletRequest request, Caller caller) {
    request.setAttribute(ATTRIBUTE, caller);
  }

  /** Who sent the request, which has passed the {@link FrontDoor}: nothing else knows. */
  static Caller of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("a request has not passed the front door");
  }

  /** Of an IPv6 address the network of 64 bits, within which a caller can choose freely. */
  static String address(@Nullable SocketAddress address) {
    InetAddress ip = address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    if (ip == null) {
      return UNKNOWN;
    }
    byte[] bytes = ip.getAddress();
    if (bytes.length == IPV4) {
      return ip.getHostAddress();
    }
    StringBuilder network = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      network.append(HEX.formatHex(bytes, 2 * i, 2 * i + 2)).append(':');
    }
    return network.append(":/64").toString();
  }
}
