package io.quikqueue.runtime;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration file, puts the values of variables into it, and says in one line what is
 * wrong with it. A connector that names no address is bound to loopback.
 */
final class ConfigurationReader<T> extends YamlConfigurationFactory<T> {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int HIGHEST_PORT = 65_535;

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

  /** A group that stands there twice would silently lose its first half. */
  @Override
  protected JsonParser createParser(InputStream input) throws IOException {
    return super.createParser(input).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  }

  @Override
  protected T build(JsonNode tree, String path) throws IOException, ConfigurationException {
    variables.substitute(tree);
    if (tree.isValueNode() && !tree.isNull() || tree.isArray()) {
      throw new SetupException("must be groups of settings with their names before them");
    }
    if (tree.isObject() && !tree.has("server")) {
      // A setting that is not known may be the word that was meant.
      T _ = super.build(tree, path);
      throw new SetupException("server is missing");
    }
    prepareConnectors(tree.path("server"));
    requireWholeApi(tree.path("server").path("rootPath").asText("/"));
    LogLevels.check(tree.path("logging"));
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

  /** The requests that come most often are served before Jersey is asked, whose path this is. */
  private static void requireWholeApi(String rootPath) {
    if (!rootPath.equals("/") && !rootPath.equals("/*")) {
      throw new SetupException(
          "server.rootPath is no setting here, since a part of the API would not be under it;"
              + " server.applicationContextPath moves all of it");
    }
  }

  private void prepareConnectors(JsonNode server) {
    Map<String, JsonNode> connectors = new LinkedHashMap<>();
    String type = server.path("type").asText("default");
    if (!type.equals("simple") && !type.equals("default")) {
      throw new SetupException("server.type must be simple or default, not " + Printable.of(type));
    }
    if (type.equals("simple")) {
      connectors.put("server.connector", server.path("connector"));
    } else {
      addAll(connectors, server, "applicationConnectors");
      addAll(connectors, server, "adminConnectors");
      if (server.path("adminConnectors").isEmpty()) {
        throw new SetupException("server.adminConnectors is missing");
      }
    }
    if (connectors.values().stream().findFirst().orElse(server).isMissingNode()) {
      throw new SetupException("the connectors of server are missing");
    }
    connectors.forEach(this::prepare);
  }

  private static void addAll(Map<String, JsonNode> connectors, JsonNode server, String name) {
    int i = 0;
    for (JsonNode connector : server.path(name)) {
      connectors.put("server." + name + "[" + i++ + "]", connector);
    }
  }

  private void prepare(String path, JsonNode connector) {
    if (connector instanceof ObjectNode settings && !settings.hasNonNull("bindHost")) {
      settings.put("bindHost", LOOPBACK);
    }
    String host = connector.path("bindHost").asText();
    if (!BoundHost.isOne(host)) {
      throw new SetupException(
          named(path + ".bindHost") + " " + BoundHost.RULE + Printable.of(host) + '"');
    }
    JsonNode port = connector.path("port");
    if (port.isTextual() && (port.asText().isBlank() || port.asText().equals("null"))) {
      // Jackson would take it for 0, which is any port.
      throw new SetupException(named(path + ".port") + " must be a whole number");
    }
    if (port.asLong() < 0 || port.asLong() > HIGHEST_PORT) {
      throw new SetupException(
          "%s must be a number from 0 to %d, not %d"
              .formatted(named(path + ".port"), HIGHEST_PORT, port.asLong()));
    }
  }

  /** A setting, with the variable that it comes from. */
  private String named(String setting) {
    String variable = variables.origin(setting);
    return variable == null ? setting : setting + " (" + variable + ")";
  }
}
