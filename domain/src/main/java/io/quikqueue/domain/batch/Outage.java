package io.quikqueue.domain.batch;

import io.quikqueue.domain.port.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * What a background task logs about a server that is away: one line when it stalls, one more for
 * each other server it waits for, and one when it goes on. For one thread.
 */
public final class Outage {

  private static final Logger LOG = System.getLogger(Outage.class.getName());

  private final String task;
  private @Nullable String dependency;

  /**
   * @param task the name of the task in the log events, which are {@code TASK_stalled} and {@code
   *     TASK_recovered}
   */
  public Outage(String task) {
    this.task = task;
  }

  /** The task cannot go on now. */
  public void stalled(UnavailableException e) {
    if (!e.dependency().equals(dependency)) {
      LOG.log(
          Level.WARNING,
          () ->
              "event=%s_stalled waits_for=\"%s\" reason=\"%s\""
                  .formatted(task, e.dependency(), e.getMessage()));
    }
    dependency = e.dependency();
  }

  /** The task has gone on. */
  public void recovered() {
    if (dependency != null) {
      String from = dependency;
      LOG.log(Level.INFO, () -> "event=%s_recovered from=\"%s\"".formatted(task, from));
      dependency = null;
    }
  }

  /** Whether the task is stalled. */
  public boolean isStalled() {
    return dependency != null;
  }
}
