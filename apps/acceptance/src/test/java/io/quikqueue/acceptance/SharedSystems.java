package io.quikqueue.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands out what takes long to start: one {@link Standalone}, one {@link StackRun} and one {@link
 * Effects} for all tests of a run, each started by the first test that wants it and closed after
 * the last one. A test tells its own jobs by a queue or a key of its own.
 */
final class SharedSystems implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(SharedSystems.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Standalone.class || type == StackRun.class || type == Effects.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    Effects effects = shared(context, Effects.class, Effects::new);
    if (type == Effects.class) {
      return effects;
    }
    Plugins plugins = shared(context, Plugins.class, Plugins::new);
    Map<String, String> env = env(effects, plugins);
    return type == Standalone.class
        ? shared(context, Standalone.class, () -> Standalone.start(env))
        : shared(context, StackRun.class, () -> StackRun.start(env));
  }

  /** Short times, so that what they bound can be seen within a test. */
  private static Map<String, String> env(Effects effects, Plugins plugins) {
    return Map.of(
        "QQ_ALLOW",
        effects.allowed(),
        "QQ_PLUGINS",
        plugins.folder().toString(),
        "QQ_ENCRYPTION_KEY_FILE",
        plugins.keys().toString(),
        "QQ_SCHEDULES",
        plugins.schedules().toString(),
        "QQ_LEASE",
        StackFaultsTest.LEASE.toSeconds() + "s",
        "QQ_DRAIN",
        "2s");
  }

  private static <T> T shared(ExtensionContext context, Class<T> type, Supplier<T> start) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(type, key -> start.get(), type);
  }

  /** A folder that holds the example plugin, a file of keys, and a folder with a schedule. */
  private record Plugins(Path folder, Path keys, Path schedules) implements AutoCloseable {

    Plugins() {
      this(
          Project.tempFolder("plugins"),
          Project.tempFolder("keys").resolve("encryption"),
          Project.tempFolder("schedules"));
      Project.installExamplePlugin(folder);
      try {
        Files.writeString(
            schedules.resolve(Schedules.DECLARED + ".yml"),
            "at: 2099-01-01T00:00:00Z\njob: {type: echo, payload: 1}\n");
        Files.writeString(keys, "test " + Base64.getEncoder().encodeToString(new byte[32]) + '\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      Project.delete(folder);
      Project.delete(keys.getParent());
      Project.delete(schedules);
    }
  }
}
