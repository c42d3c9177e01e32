package io.quikqueue.http;

import java.net.InetAddress;

/**
 * A block of IP addresses such as {@code 10.0.0.0/8}. IPv4 and IPv6 blocks never contain each
 * other's addresses.
 */
record Cidr(InetAddress network, int prefixLength) {

  Cidr {
    byte[] bytes = network.getAddress();
    if (prefixLength < 0 || prefixLength > bytes.length * 8) {
      throw new IllegalArgumentException("prefix length out of range: " + prefixLength);
    }
    for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
      if (bit(bytes, bit)) {
        throw new IllegalArgumentException(
            network.getHostAddress() + " has bits set behind its prefix of " + prefixLength);
      }
    }
  }

  /**
   * Reads {@code address/prefix length}.
   *
   * @throws IllegalArgumentException when the text is not that, or bits behind the prefix are set
   */
  static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network = slash < 0 ? null : AddressLiteral.parse(text.substring(0, slash));
    String length = text.substring(slash + 1);
    if (network == null || !length.matches("\\d{1,3}")) {
      throw new IllegalArgumentException("not a block of addresses: " + text);
    }
    return new Cidr(network, Integer.parseInt(length));
  }

  boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      if (bit(mine, bit) != bit(other, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean bit(byte[] bytes, int index) {
    return (bytes[index / 8] >> (7 - index % 8) & 1) == 1;
  }
}
