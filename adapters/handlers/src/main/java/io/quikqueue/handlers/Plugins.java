package io.quikqueue.handlers;

import java.io.IOException;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found in the directory of plugins. Closing it closes the jars: only when no job runs any
 * more.
 */
public final class Plugins implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Plugins.class);

  private final List<PluginHandler<?>> handlers;
  private final Map<String, String> problems;
  private final List<URLClassLoader> jars;

  Plugins(
      List<PluginHandler<?>> handlers, Map<String, String> problems, List<URLClassLoader> jars) {
    this.handlers = List.copyOf(handlers);
    this.problems = Collections.unmodifiableMap(new TreeMap<>(problems));
    this.jars = List.copyOf(jars);
  }

  /** The types of job that the plugins run. */
  public Set<String> types() {
    Set<String> types = new TreeSet<>();
    handlers.forEach(handler -> types.add(handler.type()));
    return types;
  }

  /** The jars that could not be used, by file name, and why; for a health check. */
  public Map<String, String> problems() {
    return problems;
  }

  List<PluginHandler<?>> handlers() {
    return handlers;
  }

  @Override
  public void close() {
    for (URLClassLoader jar : jars) {
      try {
        jar.close();
      } catch (IOException e) {
        log.warn("event=plugin_not_closed jar={}", jar.getName(), e);
      }
    }
  }
}
