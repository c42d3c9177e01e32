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
   * @param name of the task; the log events are {@code NAME_stalled} and {@code NAME_recovered},
   *     without a number at the name's end
   */
  public Outage(String name) {
    this.task = task(name);
  }

  /** Of "outbox-cleaner-0", the name of a thread, "outbox_cleaner", as log events have it. */
  static String task(String name) {
    return name.replaceFirst("-[0-9]+$", "").replace('-', '_');
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
}
