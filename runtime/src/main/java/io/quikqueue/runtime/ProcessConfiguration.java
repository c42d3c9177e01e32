package io.quikqueue.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.rest.ServedHosts;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the configuration file of every process has. */
public abstract class ProcessConfiguration extends Configuration {

  /**
   * Names by which clients reach this process, beside loopback ones, the addresses it listens at
   * and the host that it is bound to; {@code *} = any. Without ports; several with commas between
   * them in one text are fine.
   */
  @NotNull private List<String> hosts = List.of();

  @JsonProperty
  @JsonSetter(nulls = Nulls.AS_EMPTY)
  public void setHosts(List<String> hosts) {
    try {
      new ServedHosts(hosts); // a wrong one is named when the file is read, before anything is made
    } catch (InvalidFieldException e) {
      throw new IllegalArgumentException(e.problem(), e);
    }
    this.hosts = List.copyOf(hosts);
  }

  /**
   * The names that requests may be for.
   *
   * @throws InvalidFieldException when the host that the process is bound to is none
   */
  public ServedHosts servedHosts() {
    List<String> all = new ArrayList<>(hosts);
    connectors()
        .filter(HttpConnectorFactory.class::isInstance)
        .map(connector -> ((HttpConnectorFactory) connector).getBindHost())
        .filter(bound -> bound != null && !bound.equals(ServedHosts.ANY))
        .forEach(all::add);
    return new ServedHosts(all);
  }

  private Stream<ConnectorFactory> connectors() {
    return switch (getServerFactory()) {
      case DefaultServerFactory server ->
          Stream.of(server.getApplicationConnectors(), server.getAdminConnectors())
              .flatMap(List::stream);
      case SimpleServerFactory server -> Stream.of(server.getConnector());
      default -> Stream.empty();
    };
  }
}
