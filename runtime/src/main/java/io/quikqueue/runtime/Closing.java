package io.quikqueue.runtime;

import io.dropwizard.lifecycle.Managed;

/** Closes something when the process stops. */
public final class Closing implements Managed {

  private final AutoCloseable closeable;

  private Closing(AutoCloseable closeable) {
    this.closeable = closeable;
  }

  /** Something to be closed when the process stops. */
  public static Managed of(AutoCloseable closeable) {
    return new Closing(closeable);
  }

  @Override
  public void stop() throws Exception {
    closeable.close();
  }
}
