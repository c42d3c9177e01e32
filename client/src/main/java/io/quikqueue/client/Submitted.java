package io.quikqueue.client;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of one job of many: it has either an id or a problem.
 *
 * @param id the accepted job's
 * @param problem why it was not accepted
 */
public record Submitted(@Nullable UUID id, @Nullable Problem problem) {

  /** Whether the job is durable. */
  public boolean accepted() {
    return id != null;
  }
}
