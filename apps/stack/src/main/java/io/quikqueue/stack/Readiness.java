package io.quikqueue.stack;

import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.ServerException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits until an app's health checks pass. */
final class Readiness {
  private static final String PATH = "/healthcheck";
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int TIMEOUT_MS = 2_000;
  private static final int LOG_LINES = 30;

  private Readiness() {}

  /** Throws a ServerException with the end of the log when the app ends or is not ready in time. */
  static void await(ChildProcess app, int adminPort, Duration limit) {
    URI uri = URI.create("http://%s:%d%s".formatted(StackEnvironment.HOST, adminPort, PATH));
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isReady(uri)) {
      if (!app.isAlive()) {
        throw new ServerException(
            "%s ended while starting (exit %d), see %s:%n%s"
                .formatted(app.name(), app.exitCode(), app.log(), app.logTail(LOG_LINES)));
      }
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        throw new ServerException(
            "%s was not ready (%s) within %d s, see %s:%n%s"
                .formatted(app.name(), uri, limit.toSeconds(), app.log(), app.logTail(LOG_LINES)));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static boolean isReady(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }
}
