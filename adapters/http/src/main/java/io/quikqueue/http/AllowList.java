package io.quikqueue.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The destinations that may be called although their addresses are not public. An entry is {@code
 * host:port} (a name as it stands in the URL, whatever it resolves to, or an address) or a block of
 * addresses such as {@code 10.0.0.0/8}.
 */
final class AllowList {

  private record NamedPort(String name, int port) {}

  private record AddressPort(InetAddress address, int port) {}

  private final List<Cidr> blocks = new ArrayList<>();
  private final Set<NamedPort> names = new HashSet<>();
  private final Set<AddressPort> addresses = new HashSet<>();

  /**
   * Reads the entries.
   *
   * @throws IllegalArgumentException naming the entry that is neither {@code host:port} nor a block
   */
  AllowList(List<String> entries) {
    for (String entry : entries) {
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
    if (entry.indexOf('/') >= 0) {
      blocks.add(Cidr.parse(entry));
      return;
    }
    int colon = entry.lastIndexOf(':');
    String host = colon < 0 ? "" : entry.substring(0, colon);
    if (host.isEmpty() || (host.indexOf(':') >= 0 && !host.startsWith("["))) {
      throw new IllegalArgumentException("a host and a port are needed");
    }
    int port = port(entry.substring(colon + 1));
    InetAddress address = AddressLiteral.parse(host);
    if (address == null) {
      names.add(new NamedPort(normal(host), port));
    } else {
      addresses.add(new AddressPort(address, port));
    }
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a port is a number from 1 to 65535");
    }
    return port;
  }

  /**
   * Whether an entry names the host as the URL spells it, or the address it resolved to, at this
   * port.
   */
  boolean names(String host, InetAddress address, int port) {
    InetAddress plain = AddressLiteral.ofBytes(address.getAddress());
    return names.contains(new NamedPort(normal(host), port))
        || addresses.contains(new AddressPort(plain, port))
        || blocks.stream().anyMatch(block -> block.contains(plain));
  }

  private static String normal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
