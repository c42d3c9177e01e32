package io.quikqueue.handlers;

import io.quikqueue.domain.port.Handlers;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.PayloadCheck;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Handlers by the type of job they run. Immutable. */
public final class HandlerRegistry implements Handlers {

  private final Map<String, JobHandler> byType;

  private HandlerRegistry(Map<String, JobHandler> byType) {
    this.byType = Collections.unmodifiableMap(byType);
  }

  /**
   * The handlers that need nothing from outside:
   *
   * <ul>
   *   <li>{@code echo}: its payload is its result
   *   <li>{@code sleep} {@code {"ms"}}: takes that long; result {@code {"slept_ms"}}
   *   <li>{@code fail} {@code {"times", "permanent"?}}: fails its first {@code times} attempts;
   *       then {@code {"attempt"}}
   *   <li>{@code add} {@code {"a", "b", "ms"?}}: result {@code {"sum"}}
   *   <li>{@code multiply} {@code {"a", "b", "ms"?}}: result {@code {"product"}}
   *   <li>{@code sum_multiply} {@code {"a", "b", "ms"?}}: result {@code {"sum", "a_times_sum",
   *       "b_times_sum"}}
   * </ul>
   *
   * {@code ms} is a time to take before answering. A payload of another form is a permanent failure
   * naming the field.
   */
  public static HandlerRegistry builtIn() {
    return new HandlerRegistry(Map.of())
        .with("echo", new EchoHandler())
        .with("sleep", new SleepHandler())
        .with("fail", new FailHandler())
        .with("add", new AddHandler())
        .with("multiply", new MultiplyHandler())
        .with("sum_multiply", new SumMultiplyHandler());
  }

  /**
   * Returns a registry with one more handler.
   *
   * @throws IllegalArgumentException when the type has a handler already
   */
  public HandlerRegistry with(String type, JobHandler handler) {
    Map<String, JobHandler> more = new TreeMap<>(byType);
    if (more.putIfAbsent(type, handler) != null) {
      throw new IllegalArgumentException("there are two handlers for jobs of type " + type);
    }
    return new HandlerRegistry(more);
  }

  /**
   * Returns a registry with the handlers of the plugins too.
   *
   * @throws IllegalArgumentException when a type has a handler already; names the type and the jar
   */
  public HandlerRegistry with(Plugins plugins) {
    Map<String, JobHandler> more = new TreeMap<>(byType);
    for (PluginHandler<?> handler : plugins.handlers()) {
      if (more.putIfAbsent(handler.type(), handler) != null) {
        throw new IllegalArgumentException(
            "the plugin "
                + handler.jar()
                + " has a handler for jobs of type "
                + handler.type()
                + ", which has one already");
      }
    }
    return new HandlerRegistry(more);
  }

  /** Checks of payloads by type, for the types that have a schema. */
  public Map<String, PayloadCheck> payloadChecks() {
    Map<String, PayloadCheck> checks = new TreeMap<>();
    byType.forEach(
        (type, handler) -> {
          String schema = handler.payloadSchema();
          if (schema != null) {
            checks.put(type, PayloadSchema.of(schema));
          }
        });
    return checks;
  }

  @Override
  public Optional<JobHandler> find(String type) {
    return Optional.ofNullable(byType.get(type));
  }

  @Override
  public Set<String> types() {
    return byType.keySet();
  }
}
