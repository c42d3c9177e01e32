package io.quikqueue.runtime;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration file, puts the values of variables into it, and says in one line what is
 * wrong with it. A connector that names no address is bound to loopback.
 */
final class ConfigurationReader<T> extends YamlConfigurationFactory<T> {

  private static final String LOOPBACK = "127.0.0.1";

  private final Variables variables;

  ConfigurationReader(
      Class<T> type,
      @Nullable Validator validator,
      ObjectMapper mapper,
      String prefix,
      Variables.Source source) {
    super(
        type,
        validator,
        mapper.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES),
        prefix);
    this.variables = new Variables(source);
  }

  /** Without a file there would be defaults that nobody chose: all interfaces, some database. */
  @Override
  public T build() {
    throw new UsageException("needs a configuration file");
  }

  @Override
  protected T build(JsonNode tree, String path) throws IOException, ConfigurationException {
    variables.substitute(tree);
    bindToLoopback(tree.path("server"));
    return super.build(tree, path);
  }

  @Override
  public T build(ConfigurationSourceProvider files, String path) throws IOException {
    try {
      return super.build(files, path);
    } catch (SetupException e) {
      throw new SetupException(path + ": " + e.getMessage(), e);
    } catch (ConfigurationException e) {
      throw new SetupException(ConfigurationErrors.describe(e, path, variables), e);
    }
  }

  private static void bindToLoopback(JsonNode server) {
    List<JsonNode> connectors = new ArrayList<>();
    if (server.path("type").asText().equals("simple")) {
      connectors.add(server.path("connector"));
    } else {
      server.path("applicationConnectors").forEach(connectors::add);
      server.path("adminConnectors").forEach(connectors::add);
      if (server.path("adminConnectors").isEmpty()) {
        throw new SetupException("server.adminConnectors is missing");
      }
    }
    if (connectors.isEmpty() || connectors.getFirst().isMissingNode()) {
      throw new SetupException("the connectors of server are missing");
    }
    for (JsonNode connector : connectors) {
      if (connector instanceof ObjectNode settings && !settings.hasNonNull("bindHost")) {
        settings.put("bindHost", LOOPBACK);
      }
    }
  }
}
