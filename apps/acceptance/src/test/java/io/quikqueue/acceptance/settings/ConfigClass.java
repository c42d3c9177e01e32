package io.quikqueue.acceptance.settings;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.quikqueue.runtime.Settings;
import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The settings that a configuration class has, and their values, as Jackson knows them. */
record ConfigClass<T extends Configuration>(Class<T> type) {

  private static final ObjectMapper JACKSON = new ObjectMapper();
  private static final Validator VALIDATOR = Validators.newValidator();
  private static final String OURS = "io.quikqueue.";

  /** The default of each setting by its path; durations in nanoseconds, sizes in bytes. */
  Map<String, String> defaults() throws ReflectiveOperationException {
    return values(type.getConstructor().newInstance());
  }

  /** The value of each setting, when a process reads this text. */
  Map<String, String> read(ConfigFile file, String text)
      throws IOException, ConfigurationException, ReflectiveOperationException {
    return values(read(file, text, Map.of()));
  }

  /**
   * Reads a text as a process does.
   *
   * @param given the values of variables; those of the file that are not there are empty
   */
  T read(ConfigFile file, String text, Map<String, String> given)
      throws IOException, ConfigurationException {
    Bootstrap<T> bootstrap = new Bootstrap<>(new Nothing<>());
    Map<String, String> variables = new HashMap<>(file.emptyVariables());
    variables.putAll(given);
    Settings.substitute(bootstrap, variables);
    return bootstrap
        .getConfigurationFactoryFactory()
        .create(type, VALIDATOR, bootstrap.getObjectMapper(), "dw")
        .build(
            path -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), file.name());
  }

  private static Map<String, String> values(Object configuration)
      throws ReflectiveOperationException {
    Map<String, String> values = new LinkedHashMap<>();
    collect(configuration, "", values);
    return values;
  }

  private static void collect(Object group, String prefix, Map<String, String> values)
      throws ReflectiveOperationException {
    List<BeanPropertyDefinition> properties =
        JACKSON
            .getDeserializationConfig()
            .introspect(JACKSON.constructType(group.getClass()))
            .findProperties();
    for (BeanPropertyDefinition property : properties) {
      if (property.isExplicitlyIncluded()
          && property.couldDeserialize()
          && property.getMutator().getDeclaringClass().getName().startsWith(OURS)) {
        String path = prefix + property.getName();
        Object value = field(group.getClass(), property.getName(), path).get(group);
        if (value != null && value.getClass().getName().startsWith(OURS)) {
          collect(value, path + ".", values);
        } else {
          values.put(path, normal(value));
        }
      }
    }
  }

  private static Field field(Class<?> type, String name, String path) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field;
        }
      }
    }
    throw new IllegalStateException(
        path + " is no field of " + type + ": name it like the setting");
  }

  private static String normal(Object value) {
    return switch (value) {
      case Duration duration -> duration.toNanoseconds() + " ns";
      case DataSize size -> size.toBytes() + " bytes";
      case Collection<?> several -> new ArrayList<>(several).toString();
      case null, default -> Objects.toString(value, "");
    };
  }

  private static final class Nothing<T extends Configuration> extends Application<T> {
    @Override
    public void run(T configuration, Environment environment) {}
  }
}
