package io.quikqueue.bench;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Where the api is.
 *
 * @param path what every request's path begins with, without a slash at its end
 */
record Target(String host, int port, String path) {

  /** Throws an IllegalArgumentException when it is not an http address. */
  static Target of(String url) {
    URI uri = URI.create(url);
    String host = uri.getHost();
    if (!"http".equals(uri.getScheme()) || host == null || uri.getQuery() != null) {
      throw new IllegalArgumentException("--url must be like http://127.0.0.1:8000, was " + url);
    }
    return new Target(
        host.replaceAll("[\\[\\]]", ""),
        uri.getPort() < 0 ? 80 : uri.getPort(),
        uri.getPath().replaceAll("/+$", ""));
  }

  String authority() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** What {@code --url} said. */
  String url() {
    return "http://" + authority() + path;
  }

  /** Whether the api runs on this machine, and so by the same clock. */
  boolean isLocal() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
