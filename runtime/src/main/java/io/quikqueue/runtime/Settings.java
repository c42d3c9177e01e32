package io.quikqueue.runtime;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The variables that configuration files may name: <code>${QQ_PORT:-8000}</code>. */
public final class Settings {

  private static final String LOOPBACK = "127.0.0.1";
  private static final String SELF = "QQ_SELF";
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final int HIGHEST_PORT = 65_535;

  private Settings() {}

  /** The folder that QuikQueue is installed in; the working directory when nobody said. */
  public static Path home() {
    return Path.of(System.getProperty("quikqueue.home", "")).toAbsolutePath();
  }

  /**
   * Substitutes variables in the configuration file, and refuses to go without one. {@code QQ_HOME}
   * is the folder that QuikQueue is installed in, {@code QQ_SELF} where the API of this machine is
   * reached from this machine.
   *
   * @param given values that go before those of the environment
   */
  public static <T extends Configuration> void substitute(
      Bootstrap<T> bootstrap, Map<String, String> given) {
    Map<String, String> values = new HashMap<>(given);
    values.put("QQ_HOME", home().toString());
    Variables.Source set =
        name -> values.containsKey(name) ? values.get(name) : System.getenv(name);
    UnknownVariables unknown = new UnknownVariables();
    bootstrap.addBundle(unknown);
    Variables.Source source = unknown.noting(name -> name.equals(SELF) ? self(set) : set.get(name));
    bootstrap.setConfigurationFactoryFactory(
        (type, validator, mapper, prefix) ->
            new ConfigurationReader<>(type, validator, mapper, prefix, source));
  }

  /** Said here, else whatever setting has it in it would be blamed. */
  private static String self(Variables.Source source) {
    String host = or(source.get("QQ_HOST"), LOOPBACK);
    String port = or(source.get("QQ_PORT"), "8000");
    if (!BoundHost.isOne(host)) {
      throw new SetupException("QQ_HOST " + BoundHost.RULE + Printable.of(host) + '"');
    }
    if (!PORT.matcher(port).matches() || Integer.parseInt(port) > HIGHEST_PORT) {
      throw new SetupException(
          "QQ_PORT must be a number from 1 to %d, by which the API is reached, not %s"
              .formatted(HIGHEST_PORT, Printable.of(port)));
    }
    boolean everywhere = List.of("0.0.0.0", "::", "*").contains(host);
    String name = everywhere ? LOOPBACK : host.contains(":") ? "[" + host + "]" : host;
    return name + ":" + port;
  }

  private static String or(@Nullable String value, String otherwise) {
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
