package io.quikqueue.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The destinations that may be called although their addresses are not public. An entry is a block
 * of addresses such as {@code 10.0.0.0/8}, or {@code host:port} (a name as it stands in the URL,
 * whatever it resolves to, or an address), with a method before it or not, and a path behind it or
 * not: {@code POST http://127.0.0.1:8000/echo}. A path stands for itself and what lies under it.
 *
 * <p>Where entries name a host and port, blocks say nothing about it.
 */
final class AllowList {

  private static final Pattern ENTRY =
      Pattern.compile(
          "(?:([A-Za-z]+) +)?(?:(https?)://)?(\\[[^\\]]*\\]|[^:/\\[\\] ]+)(?::(\\d{1,5}))?(/[^ ?#]*)?",
          Pattern.CASE_INSENSITIVE);

  private record Rule(
      @Nullable String method,
      @Nullable String scheme,
      String host,
      @Nullable InetAddress address,
      int port,
      @Nullable PathPrefix path) {

    boolean names(String calledHost, InetAddress calledAddress, int calledPort) {
      return port == calledPort
          && (address == null ? host.equals(normal(calledHost)) : address.equals(calledAddress));
    }

    boolean permits(String calledMethod, CallUrl url) {
      return (method == null || method.equals(calledMethod))
          && (scheme == null || scheme.equals(url.scheme()))
          && (path == null || path.covers(url.path()));
    }
  }

  private final List<Cidr> blocks = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  /**
   * Reads the entries.
   *
   * @throws IllegalArgumentException naming the entry that is neither {@code host:port} nor a
   *     block, unless it may have a password
   */
  AllowList(List<String> entries) {
    for (String entry : entries) {
      if (entry.indexOf('@') >= 0) {
        throw new IllegalArgumentException(
            "must have no user name and no password: there is an @ in an entry");
      }
      try {
        add(entry.strip());
      } catch (IllegalArgumentException e) {
        // Without the cause: Jackson would show only that one's message, which does not name the
        // entry.
        throw new IllegalArgumentException(
            "'" + entry + "' is neither host:port nor a CIDR block: " + e.getMessage());
      }
    }
  }

  private void add(String entry) {
    Matcher parts = ENTRY.matcher(entry);
    boolean matches = parts.matches();
    boolean port = matches && (parts.group(4) != null || parts.group(2) != null);
    if (!port && entry.indexOf('/') >= 0) {
      blocks.add(Cidr.parse(entry));
      return;
    }
    if (!port) {
      throw new IllegalArgumentException("a host and a port are needed");
    }
    String host = parts.group(3);
    String scheme = lower(parts.group(2));
    InetAddress address = AddressLiteral.parse(host);
    String method = parts.group(1);
    rules.add(
        new Rule(
            method == null ? null : method.toUpperCase(Locale.ROOT),
            scheme,
            address == null ? normal(HostName.ascii(host)) : host,
            address,
            port(parts.group(4), scheme),
            parts.group(5) == null ? null : PathPrefix.of(parts.group(5))));
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  private static int port(@Nullable String text, @Nullable String scheme) {
    if (text == null) {
      return "https".equals(scheme) ? 443 : 80;
    }
    int port = Integer.parseInt(text);
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a port is a number from 1 to 65535");
    }
    return port;
  }

  /** Whether the URL, whose host resolved to this address, may be called by this method. */
  boolean permits(String method, CallUrl url, InetAddress address) {
    InetAddress plain = AddressLiteral.ofBytes(address.getAddress());
    List<Rule> naming =
        rules.stream().filter(rule -> rule.names(url.host(), plain, url.port())).toList();
    if (naming.stream().anyMatch(rule -> rule.permits(method, url))) {
      return true;
    }
    return naming.isEmpty() && blocks.stream().anyMatch(block -> block.contains(plain));
  }

  private static String normal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
