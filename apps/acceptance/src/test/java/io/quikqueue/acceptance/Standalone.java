package io.quikqueue.acceptance;

import static org.awaitility.Awaitility.await;

import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code ./quikqueue up} on a folder of its own, which outlives its processes until closed. */
final class Standalone implements Deployment, AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(10);

  private final Path folder = Project.tempFolder("up");
  private final Map<String, String> env;
  private final int port = FreePorts.next();
  private final int adminPort = FreePorts.next();
  private ChildProcess process;

  private Standalone(Map<String, String> env) {
    this.env = env;
  }

  /** Starts it and waits until it listens; with these variables on top of the environment. */
  static Standalone start(Map<String, String> env) {
    Standalone started = new Standalone(env);
    started.start();
    return started;
  }

  /** Starts it again on the same data and ports. */
  void start() {
    process = launch(data(), port, adminPort);
    await()
        .atMost(START_LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .failFast(() -> Project.requireAlive(process))
        .until(this::isReady);
  }

  /** A further process on ports of its own; nobody waits for it here. */
  ChildProcess startAnotherOnTheSameData() {
    return launch(data(), FreePorts.next(), FreePorts.next());
  }

  /** A further process on data of its own; nobody waits for it here. */
  ChildProcess startAnotherOnTheSamePort() {
    return launch(otherData(), port, FreePorts.next());
  }

  private ChildProcess launch(Path data, int port, int adminPort) {
    return Project.launch(
        "up",
        env,
        List.of("up", "--data", "" + data, "--port", "" + port, "--admin-port", "" + adminPort));
  }

  private boolean isReady() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI ready = URI.create(admin("standalone") + "/ready");
      HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** kill -9. */
  void kill() {
    process.kill();
  }

  /** SIGTERM; whether it ended by itself within the time. */
  boolean terminate(Duration limit) {
    return process.stop(limit);
  }

  /** How many bytes its files may have from now on, in the words of prlimit. */
  void limitFiles(String bytes) throws IOException, InterruptedException {
    Process limit =
        new ProcessBuilder("prlimit", "--pid", "" + process.pid(), "--fsize=" + bytes + ":")
            .inheritIO()
            .start();
    if (limit.waitFor() != 0) {
      throw new IOException("prlimit ended with " + limit.exitValue());
    }
  }

  /** What it has printed since its last start. */
  String output() {
    try {
      return Files.readString(process.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path data() {
    return folder.resolve("data");
  }

  /** The data of {@link #startAnotherOnTheSamePort}. */
  Path otherData() {
    return folder.resolve("other-data");
  }

  @Override
  public Path files() {
    return folder;
  }

  @Override
  public String address() {
    return "http://127.0.0.1:" + port;
  }

  /** One process is all of them. */
  @Override
  public String admin(String process) {
    return "http://127.0.0.1:" + adminPort;
  }

  @Override
  public void close() {
    process.kill();
    Project.delete(folder);
  }
}
