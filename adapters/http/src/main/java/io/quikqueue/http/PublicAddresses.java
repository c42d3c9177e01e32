package io.quikqueue.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells the addresses of the public internet from all others.
 *
 * <p>The tables follow the registries at iana.org: "IANA IPv4 Special-Purpose Address Registry",
 * "IANA IPv6 Special-Purpose Address Registry", "IPv4 Multicast Address Space" and "IPv6 Global
 * Unicast Address Assignments". Every registered special-purpose block is refused, also the few
 * that are globally reachable (anycast helpers of the network itself, host identities): no web
 * server lives there. So are the blocks that carry an IPv4 address through retired tunnels (6to4,
 * Teredo, IPv4-compatible) or a site's own NAT64. An address under the well-known NAT64 prefix, and
 * an IPv4-mapped one, is judged by the IPv4 address in it.
 */
final class PublicAddresses {

  private static final List<Cidr> SPECIAL_IPV4 =
      blocks(
          "0.0.0.0/8", // this network; 0.0.0.0 reaches the machine itself
          "10.0.0.0/8", // private use
          "100.64.0.0/10", // shared by carriers
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link local, and the metadata services of clouds
          "172.16.0.0/12", // private use
          "192.0.0.0/24", // IETF protocol assignments
          "192.0.2.0/24", // documentation
          "192.31.196.0/24", // AS112
          "192.52.193.0/24", // automatic multicast tunneling
          "192.88.99.0/24", // 6to4 relays, retired
          "192.168.0.0/16", // private use
          "192.175.48.0/24", // AS112, direct delegation
          "198.18.0.0/15", // benchmarking
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, and limited broadcast

  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");

  /**
   * The one block out of which public IPv6 addresses are given. What lies outside is refused
   * without a list: unspecified and loopback, IPv4-compatible, a site's own NAT64 (64:ff9b:1::/48),
   * discard-only and dummy (100::/64, 100:0:0:1::/64), SRv6 SIDs (5f00::/16), unique-local,
   * link-local, site-local, multicast, and all that is unassigned.
   */
  private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");

  private static final List<Cidr> SPECIAL_IPV6 =
      blocks(
          "2001::/23", // IETF protocol assignments: Teredo, benchmarking, AMT, AS112, ORCHID, drone
          // ids
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4
          "2620:4f:8000::/48", // AS112, direct delegation
          "3fff::/20"); // documentation

  private PublicAddresses() {}

  static boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    // Normalised first: an IPv4-mapped address can arrive as an Inet6Address when a resolver builds
    // it with a scope.
    InetAddress judged = AddressLiteral.ofBytes(bytes);
    if (!(judged instanceof Inet6Address)) {
      return SPECIAL_IPV4.stream().noneMatch(block -> block.contains(judged));
    }
    if (NAT64.contains(judged)) {
      return contains(AddressLiteral.ofBytes(Arrays.copyOfRange(bytes, 12, 16)));
    }
    return GLOBAL_UNICAST.contains(judged)
        && SPECIAL_IPV6.stream().noneMatch(block -> block.contains(judged));
  }

  private static List<Cidr> blocks(String... texts) {
    return Stream.of(texts).map(Cidr::parse).toList();
  }
}
