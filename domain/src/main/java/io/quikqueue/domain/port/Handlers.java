package io.quikqueue.domain.port;

import java.util.Optional;
import java.util.Set;

/** The handlers a worker has. Immutable. */
public interface Handlers {

  Optional<JobHandler> find(String type);

  Set<String> types();
}
