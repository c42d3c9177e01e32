package io.quikqueue.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real server as a process of its own on 127.0.0.1. It keeps its port and its data over stop,
 * kill and start. Methods that change its state wait until the change is done and are safe to call
 * from several threads.
 */
public abstract sealed class Server implements AutoCloseable
    permits MariaDbServer, RedisServer, KafkaServer {
  private static final Duration START_WAIT = Duration.ofMinutes(10);
  private static final Duration STOP_WAIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int PORT_TRIES = 3;
  private static final int ANSWER_TIMEOUT_MS = 1_000;
  private static final String HOST = "127.0.0.1";

  private final String name;
  private final ServerOptions options;
  private volatile int port;
  private volatile @Nullable ChildProcess process;
  private boolean paused;

  Server(String name, ServerOptions options) {
    requirePlatform();
    this.name = name;
    this.options = options;
    this.port = options.port();
  }

  private static void requirePlatform() {
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    if (!os.equals("Linux") || !arch.equals("amd64")) {
      throw new ServerException(
          "MariaDB, Kafka and Redis come along for Linux on x86-64 only (this is %s on %s): run your own and point QQ_DB_URL, QQ_KAFKA and QQ_REDIS at them"
              .formatted(os, arch));
    }
  }

  /**
   * Gets everything the process needs in place and returns its command line; called before every
   * start.
   */
  abstract List<String> prepare() throws IOException;

  /** Whether the server now answers as a client would expect; an IOException means no. */
  abstract boolean answers() throws IOException;

  /** What it is called: mariadb, redis or kafka. */
  public final String name() {
    return name;
  }

  /** The address it listens on: 127.0.0.1. */
  public final String host() {
    return HOST;
  }

  /** The port it listens on, the same over restarts. */
  public final int port() {
    return port;
  }

  /** Its OS process id; a restarted server has another. */
  public final long pid() {
    return child().pid();
  }

  /** The process it runs in now, or ran in last. */
  public final ChildProcess child() {
    ChildProcess current = process;
    if (current == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return current;
  }

  /** Its log file. */
  public final Path log() {
    return options.dir().resolve(name + ".log");
  }

  /** Whether its process runs. */
  public final boolean isAlive() {
    ChildProcess current = process;
    return current != null && current.isAlive();
  }

  /**
   * Starts it on the data it has, unless it runs, and waits until it answers.
   *
   * @throws ServerException when it does not answer within a minute, ends early, or its port is
   *     taken
   */
  public final synchronized void start() {
    if (isAlive()) {
      return;
    }
    boolean choosesPort = port == 0;
    for (int tries = 1; ; tries++) {
      if (choosesPort) {
        port = FreePorts.next();
      }
      try {
        launch();
        return;
      } catch (ServerException e) {
        // Another process may have taken a free port between the look and the start.
        ChildProcess failed = process;
        boolean lost = failed != null && failed.logTail(200).contains("Address already in use");
        if (!lost || tries >= PORT_TRIES) {
          throw e;
        }
      }
    }
  }

  private void launch() {
    if (!FreePorts.isFree(port)) {
      throw new ServerException("port " + port + " for " + name + " is in use");
    }
    ChildProcess started;
    try {
      Files.createDirectories(dir()); // by itself, so that a file in its place is told of
      Files.createDirectories(data());
      List<String> command = prepare();
      started =
          ChildProcess.start(
              name, options.nice() ? ChildProcess.nice(command) : command, Map.of(), dir(), log());
    } catch (IOException e) {
      throw ServerException.because("cannot start " + name + " in " + dir(), e);
    }
    process = started;
    paused = false;
    long deadline = System.nanoTime() + START_WAIT.toNanos();
    while (!ready()) {
      if (!started.isAlive()) {
        throw new ServerException(
            "%s ended while starting (exit %d), see %s:%n%s"
                .formatted(name, started.exitCode(), log(), started.logTail(15)));
      }
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        started.kill();
        throw new ServerException(
            "%s did not answer within %d s, see %s:%n%s"
                .formatted(name, START_WAIT.toSeconds(), log(), started.logTail(15)));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private boolean ready() {
    try {
      return answers();
    } catch (IOException e) {
      return false;
    }
  }

  /** Stops it gently (SIGTERM), killing it after 20 s; does nothing when it does not run. */
  public final synchronized void stop() {
    if (isAlive()) {
      resume();
      child().stop(STOP_WAIT);
    }
  }

  /** Kills it (SIGKILL); does nothing when it does not run. */
  public final synchronized void kill() {
    if (isAlive()) {
      child().kill();
    }
  }

  /** Stops and starts it on the same port and data. */
  public final synchronized void restart() {
    stop();
    start();
  }

  /** Kills it, deletes its data and starts it on the same port. */
  public final synchronized void wipe() {
    kill();
    try {
      deleteAll(data());
    } catch (IOException e) {
      throw ServerException.because("cannot delete the data of " + name, e);
    }
    start();
  }

  /** Freezes it (SIGSTOP): connections stay, nothing is answered. */
  public final synchronized void pause() {
    child().pause();
    paused = true;
  }

  /** Lets it go on after {@link #pause}. */
  public final synchronized void resume() {
    if (paused) {
      child().resume();
      paused = false;
    }
  }

  /** Stops it; its data stays. */
  @Override
  public final void close() {
    stop();
  }

  final Path dir() {
    return options.dir();
  }

  final Path data() {
    return options.dir().resolve("data");
  }

  final int memoryMb(int otherwise) {
    return options.memoryMb() == 0 ? otherwise : options.memoryMb();
  }

  /** A connection to the server that gives up after a second. */
  final Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(ANSWER_TIMEOUT_MS);
      socket.connect(new InetSocketAddress(FreePorts.loopback(), port), ANSWER_TIMEOUT_MS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  static void deleteAll(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
