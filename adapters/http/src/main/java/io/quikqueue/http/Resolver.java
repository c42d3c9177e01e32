package io.quikqueue.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks the addresses of a host name up. */
@FunctionalInterface
interface Resolver extends AutoCloseable {

  /** The addresses in order of preference, at least one. */
  List<InetAddress> resolve(String host) throws UnknownHostException, InterruptedException;

  @Override
  default void close() {}
}
