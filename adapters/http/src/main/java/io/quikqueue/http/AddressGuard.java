package io.quikqueue.http;

import io.quikqueue.domain.port.PermanentFailureException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Keeps calls away from networks that are not public. It looks a host up once and gives the
 * addresses to connect to; nobody may look the name up again, or a name server could show the guard
 * one address and the connection another.
 */
final class AddressGuard {

  private final AllowList allow;
  private final Resolver resolver;

  AddressGuard(AllowList allow, Resolver resolver) {
    this.allow = allow;
    this.resolver = resolver;
  }

  /**
   * Returns the addresses of the host that may be called at this port, at least one.
   *
   * @throws PermanentFailureException when none of its addresses may be called
   * @throws UnknownHostException when it has none
   */
  List<InetAddress> admit(HttpCall call)
      throws PermanentFailureException, UnknownHostException, InterruptedException {
    String host = call.url().host();
    InetAddress literal = AddressLiteral.parse(host);
    List<InetAddress> all = literal == null ? resolver.resolve(host) : List.of(literal);
    List<InetAddress> admitted =
        all.stream()
            .filter(
                address ->
                    PublicAddresses.contains(address)
                        || allow.permits(call.method(), call.url(), address))
            .toList();
    if (admitted.isEmpty()) {
      // The address itself is not told: it would be a map of the inner network for whoever submits
      // jobs.
      throw new PermanentFailureException(
          "url: "
              + host
              + ":"
              + call.url().port()
              + " is not on the public internet, and the worker's setting worker.http.allow (QQ_ALLOW)"
              + " does not name it for this method and path");
    }
    return admitted;
  }
}
