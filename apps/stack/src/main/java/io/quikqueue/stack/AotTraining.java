package io.quikqueue.stack;

import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.FreePorts;
import io.quikqueue.servers.ServerException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Lets the standalone service run for a moment so that the JVM can write down what its next start
 * may skip. One cache serves every app: they share their class path, and most of what they load.
 */
public final class AotTraining {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  // The cache is written when the process ends.
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(120);
  private static final int TIMEOUT_MS = 10_000;
  private static final int JOBS = 20;

  private AotTraining() {}

  /**
   * Leaves the cache at its place, or nothing.
   *
   * @param args the cache file, then the command that starts the service and makes the cache at
   *     that file plus {@code .part}; ports and data directory are added to it
   */
  public static void main(String[] args) throws IOException {
    Path cache = Path.of(args[0]).toAbsolutePath();
    Path part = cache.resolveSibling(cache.getFileName() + ".part");
    // Not in the temporary folder, where it may not be allowed to execute anything.
    Path data = Files.createTempDirectory(cache.getParent(), "training");
    try {
      train(List.of(args).subList(1, args.length), data, cache.resolveSibling("training.log"));
      Files.move(part, cache);
    } catch (ServerException | IOException e) {
      System.err.println("quikqueue: no fast start (" + firstLine(e) + ")");
      Files.deleteIfExists(part);
      System.exit(1);
    } finally {
      delete(data);
    }
  }

  private static void train(List<String> start, Path data, Path log) throws IOException {
    int port = FreePorts.next();
    int adminPort = FreePorts.next();
    List<String> command = new ArrayList<>(start);
    command.addAll(
        List.of("--port", Integer.toString(port), "--admin-port", Integer.toString(adminPort)));
    command.addAll(List.of("--data", data.resolve("data").toString()));
    ChildProcess app = ChildProcess.start("training", command, Map.of(), data, log);
    try {
      Readiness.await(app, adminPort, READY_LIMIT);
      use("http://" + StackEnvironment.HOST + ":" + port);
    } finally {
      if (!app.stop(WRITE_LIMIT)) {
        throw new ServerException("the training run did not end, see " + log);
      }
    }
  }

  private static void use(String service) throws IOException {
    for (int i = 0; i < JOBS; i++) {
      HttpURLConnection submit = open(service + "/submit");
      submit.setRequestMethod("POST");
      submit.setRequestProperty("content-type", "application/json");
      submit.setDoOutput(true);
      submit.getOutputStream().write("{\"text\":\"training\"}".getBytes(StandardCharsets.UTF_8));
      String location = submit.getHeaderField("Location");
      read(submit);
      if (location != null) {
        read(open(URI.create(service).resolve(location) + "?wait=2s"));
      }
    }
    read(open(service + "/openapi.json"));
  }

  private static HttpURLConnection open(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    return connection;
  }

  /** Whatever it answers: what matters is that the code for it ran. */
  private static void read(HttpURLConnection connection) throws IOException {
    if (connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST) {
      try (var body = connection.getInputStream()) {
        body.readAllBytes();
      }
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
