package io.quikqueue.bench;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the api is.
 *
 * @param path what every request's path begins with, without a slash at its end
 * @param key what the api is to know bench by; null = nothing
 */
record Target(String host, int port, String path, @Nullable String key) {

  private static final Pattern KEY = Pattern.compile("[!-~]{1,200}");

  /** Without a key. */
  Target(String host, int port, String path) {
    this(host, port, path, null);
  }

  /** The same with a key, which is a line of a file or a variable; blank = none. */
  Target withKey(String text) {
    String stripped = text.strip();
    if (!stripped.isEmpty() && !KEY.matcher(stripped).matches()) {
      throw new IllegalArgumentException(
          "the key must be at most 200 printable ASCII characters without blanks");
    }
    return new Target(host, port, path, stripped.isEmpty() ? null : stripped);
  }

  /** What each request has beside its own headers. */
  String headers() {
    String base = "Host: " + authority() + "\r\n";
    return key == null ? base : base + "Authorization: Bearer " + key + "\r\n";
  }

  /** Without the key. */
  @Override
  public String toString() {
    return url();
  }

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
