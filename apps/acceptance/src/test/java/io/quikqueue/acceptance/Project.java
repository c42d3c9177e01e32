package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.examples.greeting.GreetingHandler;
import io.quikqueue.servers.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The project under test: its launcher, which starts everything here as processes of their own. */
public final class Project {

  private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);
  private static final Path HOME = home();

  /** A process that lives for a test spends half of its time in the second compiler. */
  private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  private static final Path LOGS = Path.of("target", "logs").toAbsolutePath();
  private static final AtomicInteger RUNS = new AtomicInteger();

  static {
    build();
  }

  private Project() {}

  /** Starts {@code ./quikqueue ARGS} with what is built; its output goes to a file of its own. */
  public static ChildProcess launch(String name, Map<String, String> env, List<String> args) {
    Map<String, String> all = new LinkedHashMap<>(env);
    all.put("QQ_BUILD", "off");
    all.merge("JAVA_OPTS", QUICK_COMPILER, (own, quick) -> own + " " + quick);
    all.putIfAbsent("QQ_SCHEDULES", ""); // the heartbeat would be in figures that tests compare
    return start(name, all, args);
  }

  /** Starts a program that uses the example of a worker in Python. */
  static ChildProcess python(String name, Path program, List<String> args) {
    List<String> command = new ArrayList<>(List.of("python3", program.toString()));
    command.addAll(args);
    Map<String, String> env =
        Map.of(
            "PYTHONPATH",
            HOME.resolve("examples/python-worker").toString(),
            "PYTHONDONTWRITEBYTECODE",
            "1");
    Path log = LOGS.resolve(RUNS.incrementAndGet() + "-" + name + ".log");
    return ChildProcess.start(name, command, env, HOME, log);
  }

  /** Where the output goes of what is started. */
  static Path logs() {
    return LOGS;
  }

  /** Fails with the end of its log when the process has ended. */
  public static void requireAlive(ChildProcess process) {
    assertThat(process.isAlive()).as(process.name() + " ended: " + process.logTail(40)).isTrue();
  }

  /** The configuration file of an app, as the project ships it. */
  public static String config(String app) {
    return HOME.resolve("config").resolve(app + ".yml").toString();
  }

  /** A folder outside the project that {@link #delete} is to be called for. */
  public static Path tempFolder(String name) {
    try {
      return Files.createTempDirectory("quikqueue-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the jar of the example plugin, as the build made it, into a folder. */
  public static void installExamplePlugin(Path folder) {
    try {
      Path jar =
          Path.of(
              GreetingHandler.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      assertThat(jar).as("the example plugin; it is a jar in `mvn verify`").isRegularFile();
      Files.createDirectories(folder);
      Files.copy(jar, folder.resolve(jar.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keeps log files of a folder that will be deleted, to be read after a test failed. */
  public static void keepLogs(Path folder, String name) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      Path kept = Files.createDirectories(LOGS.resolve(RUNS.incrementAndGet() + "-" + name));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, kept.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps all logs as they are now under this name, whatever runs later; returns where. */
  public static Path keep(String name) {
    Path kept = LOGS.resolveSibling("kept").resolve(name);
    if (Files.exists(kept)) {
      delete(kept);
    }
    try (Stream<Path> all = Files.walk(LOGS)) {
      for (Path path : all.toList()) {
        Path copy = kept.resolve(LOGS.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return kept;
  }

  public static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChildProcess start(String name, Map<String, String> env, List<String> args) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("quikqueue").toString()));
    command.addAll(args);
    Path log = LOGS.resolve(RUNS.incrementAndGet() + "-" + name + ".log");
    return ChildProcess.start(name, command, env, HOME, log);
  }

  /** Builds what changed, unless QQ_BUILD says that this was done. */
  private static void build() {
    delete(prepared(LOGS));
    ChildProcess build = start("build", Map.of(), List.of("build"));
    boolean done = build.await(BUILD_LIMIT);
    if (!done) {
      build.kill();
    }
    assertThat(build.exitCode()).as(build.logTail(40)).isZero();
  }

  private static Path prepared(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path home() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isExecutable(folder.resolve("quikqueue"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("the launcher is in no folder above this one");
    }
    return folder;
  }
}
