package io.quikqueue.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An OS process started by this one that never outlives it: a guard kills it when this process ends
 * in whatever way. It has a session of its own, so a Ctrl-C at the terminal reaches only this
 * process, which then stops its children in order. Output goes to a log file.
 */
public final class ChildProcess {
  private static final long LOG_LIMIT_BYTES = 10L << 20;
  private static final int TAIL_BYTES = 16 << 10;
  private static final Duration KILL_WAIT = Duration.ofSeconds(60);
  private static final String STOPPED_OR_ENDED = "TZX"; // as proc(5) has the states
  private static final Duration PAUSE_WAIT = Duration.ofSeconds(60);

  // Blocks on a pipe this process holds open; the pipe ends when this process does.
  private static final String GUARD =
      "trap '' INT TERM HUP; while read -r _; do :; done; kill -9 \"$1\" 2>/dev/null";

  // A session is a group of its own to Linux's scheduler, beyond which the niceness of a process
  // says nothing, so the group gets one too (sched(7), autogroup). Who is not root may set ten in a
  // second, whatever the process.
  private static final String GIVE_WAY =
      "for i in 1 2 3 4 5; do [ -w /proc/self/autogroup ] || break;"
          + " { echo 10 >/proc/self/autogroup; } 2>/dev/null && break; sleep 0.2; done;"
          + " exec nice -n 10 \"$0\" \"$@\"";

  private final String name;
  private final Path log;
  private final Process process;

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts {@code command} in {@code workDir} with {@code env} on top of this process's
   * environment. Output is appended to {@code log}; a log above 10 MB is first set aside as {@code
   * LOG.1}.
   *
   * @throws ServerException when it cannot be started
   */
  public static ChildProcess start(
      String name, List<String> command, Map<String, String> env, Path workDir, Path log) {
    try {
      Files.createDirectories(workDir);
      Files.createDirectories(log.toAbsolutePath().getParent());
      if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
        Files.move(
            log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      List<String> line = new ArrayList<>();
      Path setsid = Path.of("/usr/bin/setsid");
      if (Files.isExecutable(setsid)) {
        line.add(setsid.toString());
      }
      line.addAll(command);
      ProcessBuilder builder =
          new ProcessBuilder(line)
              .directory(workDir.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(env);
      Process process = builder.start();
      guard(process);
      return new ChildProcess(name, log, process);
    } catch (IOException e) {
      throw new ServerException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * The same command with a niceness of 10: while the cores do not suffice, it gets about a tenth
   * of the time that others get.
   */
  public static List<String> nice(List<String> command) {
    List<String> nice = new ArrayList<>(List.of("/bin/sh", "-c", GIVE_WAY));
    nice.addAll(command);
    return nice;
  }

  private static void guard(Process process) throws IOException {
    Process guard;
    try {
      guard =
          new ProcessBuilder(
                  "/bin/sh", "-c", GUARD, "quikqueue-guard", Long.toString(process.pid()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
    // Once the child is gone its pid may be given to another process: the guard must not be left to
    // kill that.
    CompletableFuture<Process> unused =
        process.onExit().whenComplete((ended, error) -> guard.destroyForcibly());
  }

  /** What it is called in messages. */
  public String name() {
    return name;
  }

  /** The file its output goes to. */
  public Path log() {
    return log;
  }

  /** Its OS process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs (a paused process does). */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with this when the process has ended. */
  public CompletableFuture<ChildProcess> onExit() {
    return process.onExit().thenApply(ended -> this);
  }

  /** Its exit code, 128 + n after signal n. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Waits until it ended, at most {@code timeout}; false when it still runs. */
  public boolean await(Duration timeout) {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  /** Asks it to end (SIGTERM) without waiting. */
  public void terminate() {
    if (process.isAlive()) {
      process.destroy();
    }
  }

  /**
   * Asks it to end (SIGTERM), waits at most {@code grace}, then kills it. Returns whether it ended
   * by itself.
   */
  public boolean stop(Duration grace) {
    terminate();
    boolean gentle = await(grace);
    if (!gentle) {
      kill();
    }
    return gentle;
  }

  /** Ends it at once (SIGKILL) and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    if (!await(KILL_WAIT) && !Thread.currentThread().isInterrupted()) {
      throw new ServerException(name + " (pid " + pid() + ") does not die");
    }
  }

  /**
   * Freezes it (SIGSTOP): it keeps its connections but answers nothing. On Linux it waits until all
   * its threads have stopped, since one that is at work goes on for a moment after the signal.
   */
  public void pause() {
    signal("STOP");
    Path threads = Path.of("/proc", Long.toString(pid()), "task");
    long begun = System.nanoTime();
    while (Files.isDirectory(threads) && !allStopped(threads)) {
      if (System.nanoTime() - begun > PAUSE_WAIT.toNanos()) {
        throw new ServerException(name + " (pid " + pid() + ") does not stop");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static boolean allStopped(Path threads) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
        if (STOPPED_OR_ENDED.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false; // a thread has just ended
    }
  }

  /** Lets a frozen one go on (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      Process kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (kill.waitFor() != 0) {
        throw new ServerException(
            "cannot send SIG" + signal + " to " + name + " (pid " + pid() + ")");
      }
    } catch (IOException e) {
      throw new ServerException("cannot send SIG" + signal + " to " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last {@code lines} lines of its log, or less; empty when there is none. */
  public String logTail(int lines) {
    try (var channel = Files.newByteChannel(log)) {
      channel.position(Math.max(0, channel.size() - TAIL_BYTES));
      var buffer = java.nio.ByteBuffer.allocate(TAIL_BYTES);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
      List<String> all = text.lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "";
    }
  }
}
