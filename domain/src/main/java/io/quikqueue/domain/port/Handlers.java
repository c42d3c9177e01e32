package io.quikqueue.domain.port;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The handlers a worker has. Immutable. */
public interface Handlers {

  Optional<JobHandler> find(String type);

  Set<String> types();

  /** JSON Schemas of payloads by type; null = the type has none. */
  default Map<String, @Nullable String> schemas() {
    Map<String, @Nullable String> schemas = new TreeMap<>();
    types().forEach(type -> schemas.put(type, find(type).orElseThrow().payloadSchema()));
    return schemas;
  }
}
