package io.quikqueue.handlers;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.handler.BatchHandler;
import io.quikqueue.handler.Handler;
import io.quikqueue.handler.Threads;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds handlers in the jars of a directory, once, at start-up. Each jar sees the JDK, the handler
 * API and itself, so it brings its libraries along in the versions it likes, and two plugins do not
 * disturb each other.
 */
public final class PluginLoader {

  private static final Logger log = LoggerFactory.getLogger(PluginLoader.class);

  private final Path directory;
  private final List<PluginHandler<?>> handlers = new ArrayList<>();
  private final Map<String, String> problems = new TreeMap<>();
  private final List<URLClassLoader> jars = new ArrayList<>();

  private PluginLoader(Path directory) {
    this.directory = directory;
  }

  /**
   * Loads the plugins of a directory; one that does not exist holds none, and the log says so. A
   * jar that cannot be used is logged and told by {@link Plugins#problems()}, and none of its
   * handlers is used.
   *
   * @throws IllegalArgumentException when two jars run the same type of job; names both
   * @throws IOException when the directory cannot be read; a {@link
   *     java.nio.file.NotDirectoryException} when it is none
   */
  public static Plugins load(Path directory) throws IOException {
    return new PluginLoader(directory).load();
  }

  private Plugins load() throws IOException {
    if (!Files.exists(directory)) {
      log.info("event=no_plugins folder={} reason=missing", directory);
      return new Plugins(handlers, problems, jars);
    }
    TreeSet<Path> sorted = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
      files.forEach(sorted::add);
    }
    if (sorted.isEmpty()) {
      log.info("event=no_plugins folder={} reason=\"no .jar in it\"", directory);
    }
    for (Path jar : sorted) {
      String name = jar.getFileName().toString();
      try {
        handlers.addAll(open(jar, name));
      } catch (IOException e) {
        problems.put(name, reason(e));
        log.error("event=plugin_broken jar={} reason=\"{}\"", name, reason(e));
      } catch (RuntimeException | ServiceConfigurationError | LinkageError e) {
        problems.put(name, reason(e));
        log.error("event=plugin_broken jar={}", name, e);
      }
    }
    Plugins plugins = new Plugins(handlers, problems, jars);
    refuseClashes(plugins);
    return plugins;
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private List<PluginHandler<?>> open(Path jar, String name) throws IOException {
    requireJar(jar); // a class loader passes over a broken file in silence
    URLClassLoader loader =
        new URLClassLoader(name, new URL[] {jar.toUri().toURL()}, new HandlerApiOnly());
    jars.add(loader);
    List<PluginHandler<?>> found = new ArrayList<>();
    for (Handler<?> handler : ServiceLoader.load(Handler.class, loader)) {
      found.add(plugin(name, handler));
    }
    if (found.isEmpty()) {
      throw new IOException("no handler is named in META-INF/services/" + Handler.class.getName());
    }
    found.forEach(handler -> log.info("event=plugin_loaded jar={} type={}", name, handler.type()));
    return found;
  }

  private static void requireJar(Path jar) throws IOException {
    try {
      new JarFile(jar.toFile()).close();
    } catch (ZipException e) {
      throw new IOException("it is no jar, or a broken one (" + e.getMessage() + ")", e);
    }
  }

  private static <P> PluginHandler<P> plugin(String jar, Handler<P> handler) {
    String type = handler.type();
    Class<P> payload = handler.payloadType();
    if (type == null || payload == null) {
      throw new IllegalArgumentException(
          handler.getClass().getName() + " has no type or no payload type");
    }
    JobSpec.of(type, "null"); // refuses a type that no job can have
    boolean mayCompute = handler.threads() != Threads.VIRTUAL;
    String schema = schema(handler, payload);
    if (handler instanceof BatchHandler<P> inBatches) {
      Batches<P> batches = new Batches<>(inBatches, type, mayCompute);
      return new PluginHandler<>(jar, type, payload, schema, false, handler, batches);
    }
    return new PluginHandler<>(jar, type, payload, schema, mayCompute, handler, null);
  }

  private static @Nullable String schema(Handler<?> handler, Class<?> payload) {
    String written = handler.payloadSchema();
    if (written == null) {
      return PayloadJson.schema(payload);
    }
    PayloadSchema.written(written); // refuses what is no schema
    return written;
  }

  private static void refuseClashes(Plugins plugins) {
    Map<String, String> jarByType = new HashMap<>();
    for (PluginHandler<?> handler : plugins.handlers()) {
      String other = jarByType.putIfAbsent(handler.type(), handler.jar());
      if (other != null) {
        plugins.close();
        throw new IllegalArgumentException(
            "the plugins "
                + other
                + " and "
                + handler.jar()
                + " both have a handler for jobs of type "
                + handler.type());
      }
    }
  }

  /** What a plugin sees of us. */
  private static final class HandlerApiOnly extends ClassLoader {

    private static final String API = Handler.class.getPackageName() + ".";

    HandlerApiOnly() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (!name.startsWith(API)) {
        throw new ClassNotFoundException(name);
      }
      return Class.forName(name, false, Handler.class.getClassLoader());
    }
  }
}
