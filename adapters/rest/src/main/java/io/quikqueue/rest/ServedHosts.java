package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host names that a service answers to. A page from elsewhere whose name is made to resolve to
 * this machine (DNS rebinding) comes with a name that is not among them.
 *
 * <p>Always served are {@code localhost}, names below it, loopback addresses, and the address at
 * which a connection arrived.
 */
public final class ServedHosts {

  /** Serves every name; for those behind a proxy that checks it. */
  public static final String ANY = "*";

  private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?");

  private final Set<String> names = new HashSet<>();
  private final boolean any;

  /**
   * @param hosts names or addresses without a port, several in one text with commas between them;
   *     blank ones do not count
   * @throws InvalidFieldException naming {@code hosts} when one is neither
   */
  public ServedHosts(Collection<String> hosts) {
    for (String list : hosts) {
      for (String host : list.split(",")) {
        if (!host.isBlank()) {
          names.add(required(host.strip()));
        }
      }
    }
    any = names.contains(ANY);
  }

  /** Whether this is one of the names that were given, and not merely one that is always served. */
  boolean names(String host) {
    return names.contains(normal(host));
  }

  /**
   * Whether a request may be for this host.
   *
   * @param host as in a URI: an IPv6 address has its brackets
   * @param local the address at which the connection arrived
   */
  boolean serves(String host, String local) {
    String name = normal(host);
    if (any || name.equals("localhost") || name.endsWith(".localhost") || names.contains(name)) {
      return true;
    }
    InetAddress address = address(name);
    return address != null && (address.isLoopbackAddress() || address.equals(address(local)));
  }

  private static String required(String host) {
    String name = normal(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
    if (!name.equals(ANY) && !NAME.matcher(name).matches() && address(name) == null) {
      throw new InvalidFieldException(
          "hosts", "\"" + host + "\" is no host name and no address; a port does not belong there");
    }
    return name;
  }

  private static String normal(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** Null = not an address. No name is ever resolved. */
  private static @Nullable InetAddress address(String text) {
    if (text.isEmpty() || (text.charAt(0) != '[' && Character.digit(text.charAt(0), 16) < 0)) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(
          text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
