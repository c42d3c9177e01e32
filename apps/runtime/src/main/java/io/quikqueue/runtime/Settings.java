package io.quikqueue.runtime;

import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.setup.Bootstrap;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;

/**
 * Lets configuration files name variables: <code>${QQ_PORT:-8000}</code>, also within one another.
 */
public final class Settings {

  private Settings() {}

  /**
   * Substitutes variables in the configuration file.
   *
   * @param given values that go before those of the environment
   */
  public static void substitute(Bootstrap<?> bootstrap, Map<String, String> given) {
    StringSubstitutor substitutor =
        new StringSubstitutor(
            name -> given.containsKey(name) ? given.get(name) : System.getenv(name));
    substitutor.setEnableSubstitutionInVariables(true);
    bootstrap.setConfigurationSourceProvider(
        new SubstitutingSourceProvider(bootstrap.getConfigurationSourceProvider(), substitutor));
  }
}
