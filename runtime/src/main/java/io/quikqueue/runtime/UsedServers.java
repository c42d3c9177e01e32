package io.quikqueue.runtime;

import io.dropwizard.core.setup.Environment;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The servers that a process uses. Each has a health check by its role, and is named in the line of
 * the log by which the process says that it is up.
 */
public final class UsedServers {

  private final Environment environment;
  private final Map<String, String> addresses = new TreeMap<>();

  /**
   * @param service what the process is, such as {@code api}
   */
  public UsedServers(Environment environment, String service) {
    this.environment = environment;
    StartLine.add(environment, service, addresses);
  }

  /**
   * One that is healthy when the call does not throw.
   *
   * @param role such as {@code store}
   * @param kind such as {@code Redis}
   * @param address without user and password, since everybody may read it who asks
   */
  public UsedServers add(String role, String kind, String address, Runnable ping) {
    return add(role, address, TimedHealthCheck.of(kind + " at " + address, ping));
  }

  /** One that is healthy when the call finds nothing wrong, and answers with an empty text. */
  public UsedServers addFinding(
      String role, String kind, String address, Supplier<String> problem) {
    return add(role, address, TimedHealthCheck.findingAt(kind + " at " + address, problem));
  }

  private UsedServers add(String role, String address, TimedHealthCheck check) {
    environment.healthChecks().register(role, check);
    addresses.put(role.replace('-', '_'), address);
    return this;
  }
}
