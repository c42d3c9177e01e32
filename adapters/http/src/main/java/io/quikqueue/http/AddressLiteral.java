package io.quikqueue.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses written in a URL or a configuration. One spelling of IPv4 is known: four decimal
 * numbers without leading zeros. The others (octal, hexadecimal, fewer than four numbers) are read
 * differently by different programs, so a guard that accepts them judges one address while someone
 * else connects to another.
 */
final class AddressLiteral {

  private static final Pattern OCTET = Pattern.compile("25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d");
  private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");

  private AddressLiteral() {}

  /**
   * Returns the address that the text spells, or null when it is a name. IPv6 may stand in
   * brackets.
   *
   * @throws IllegalArgumentException when the text looks like an address and is none, or carries a
   *     zone id
   */
  static @Nullable InetAddress parse(String host) {
    if (host.indexOf(':') >= 0) {
      return ipv6(host);
    }
    String[] labels = host.toLowerCase(Locale.ROOT).split("\\.", -1);
    int last = labels[labels.length - 1].isEmpty() ? labels.length - 2 : labels.length - 1;
    if (last < 0 || !NUMBER.matcher(labels[last]).matches()) {
      return null;
    }
    if (labels.length != 4) {
      throw new IllegalArgumentException("not an IPv4 address of four decimal numbers: " + host);
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (!OCTET.matcher(labels[i]).matches()) {
        throw new IllegalArgumentException("not an IPv4 address of four decimal numbers: " + host);
      }
      bytes[i] = (byte) Integer.parseInt(labels[i]);
    }
    return ofBytes(bytes);
  }

  private static InetAddress ipv6(String host) {
    String inner =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (inner.indexOf('%') >= 0) {
      throw new IllegalArgumentException("an address with a zone id is not accepted: " + host);
    }
    if (inner.indexOf(':') < 0) {
      throw new IllegalArgumentException("not an IPv6 address: " + host);
    }
    try {
      return InetAddress.ofLiteral(inner);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not an IPv6 address: " + host, e);
    }
  }

  /** The address of 4 or 16 bytes; an IPv4-mapped IPv6 address becomes the IPv4 address it maps. */
  static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length, e);
    }
  }
}
