package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ./quikqueue stack} on a folder of its own: a process for each server and each app. Workers
 * can be added to it, and any of its processes can be hit by a signal.
 */
final class StackRun implements Deployment, AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(30);
  private static final Duration WORKER_START_LIMIT = Duration.ofMinutes(10);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
  private static final Pattern SETTING = Pattern.compile("export (QQ_\\w+)='(.*)'");

  private final Path folder = Project.tempFolder("stack");
  private final Map<String, String> env;
  private final ChildProcess stack;
  private final Map<String, Member> members = new HashMap<>();
  private final List<ChildProcess> added = new ArrayList<>();
  private String address;

  /** A process of the system. */
  record Member(ProcessHandle process, String admin) {

    /** kill -9, and waits until it is gone. */
    void kill() {
      process.destroyForcibly();
      awaitEnd(STOP_LIMIT);
    }

    /** SIGTERM. */
    void terminate() {
      process.destroy();
    }

    /** Freezes it: nothing of it runs, and all its connections stay. */
    void pause() {
      signal("STOP");
    }

    void resume() {
      signal("CONT");
    }

    void awaitEnd(Duration limit) {
      await().atMost(limit).until(() -> !process.isAlive());
    }

    private void signal(String signal) {
      try {
        Process kill =
            new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private StackRun(Map<String, String> env) {
    this.env = env;
    this.stack =
        Project.launch("stack", env, List.of("stack", "--data", folder.toString(), "--port", "0"));
  }

  /**
   * Starts it and waits until all of it is ready; with these variables on top of the environment.
   */
  static StackRun start(Map<String, String> env) {
    StackRun started = new StackRun(env);
    try {
      await()
          .atMost(START_LIMIT)
          .failFast(() -> Project.requireAlive(started.stack))
          .until(() -> Files.exists(started.folder.resolve("stack.json")));
      started.readMembers();
    } catch (Throwable e) {
      started.close();
      throw e;
    }
    return started;
  }

  private void readMembers() {
    JsonNode all;
    try {
      all = new ObjectMapper().readTree(folder.resolve("stack.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.properties()
        .forEach(
            entry -> {
              JsonNode one = entry.getValue();
              members.put(
                  entry.getKey(), member(one.get("pid").asLong(), one.path("admin_port").asInt()));
              if (entry.getKey().equals("api")) {
                address = "http://127.0.0.1:" + one.get("port").asInt();
              }
            });
  }

  private static Member member(long pid, int adminPort) {
    return new Member(ProcessHandle.of(pid).orElseThrow(), "http://127.0.0.1:" + adminPort);
  }

  /** The process of this name: api, consumer, worker, scheduler, mariadb, kafka or redis. */
  Member member(String name) {
    return members.get(name);
  }

  /**
   * Starts one more worker with the settings that the stack has left in its folder, and waits until
   * it is ready. It takes the name of the one before.
   */
  Member startWorker() {
    return startWorker(Map.of());
  }

  /** As {@link #startWorker()}, with these variables on top. */
  Member startWorker(Map<String, String> more) {
    int adminPort = FreePorts.next();
    Map<String, String> all = new LinkedHashMap<>(env);
    all.putAll(settings());
    all.put("QQ_ADMIN_PORT", Integer.toString(adminPort));
    all.putAll(more);
    ChildProcess process =
        Project.launch("worker", all, List.of("worker", Project.config("worker")));
    added.add(process);
    Http admin = new Http("http://127.0.0.1:" + adminPort);
    await()
        .atMost(WORKER_START_LIMIT)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .failFast(() -> Project.requireAlive(process))
        .until(() -> admin.get("/ready").status() == 200);
    Member worker = member(process.pid(), adminPort);
    members.put("worker", worker);
    return worker;
  }

  /** Where Kafka is. */
  String kafka() {
    return settings().get("QQ_KAFKA");
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    try {
      for (String line : Files.readAllLines(folder.resolve("stack.env"))) {
        Matcher setting = SETTING.matcher(line);
        assertThat(setting.matches()).as("a line of stack.env").isTrue();
        settings.put(setting.group(1), setting.group(2));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return settings;
  }

  @Override
  public Path files() {
    return folder;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public String admin(String process) {
    return members.get(process).admin();
  }

  /** Stops everything in order, and what is left of it by force. */
  @Override
  public void close() {
    added.forEach(worker -> worker.stop(STOP_LIMIT));
    stack.stop(STOP_LIMIT);
    members.values().forEach(member -> member.process().destroyForcibly());
    Project.keepLogs(folder.resolve("log"), "stack");
    Project.delete(folder);
  }
}
