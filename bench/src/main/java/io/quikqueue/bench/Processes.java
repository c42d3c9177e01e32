package io.quikqueue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** CPU and memory of the deployment's processes on this machine, and of this one. */
final class Processes {

  /** The name of this process among them. */
  static final String GENERATOR = "generator";

  private final Map<String, Long> pids = new LinkedHashMap<>();

  /**
   * @param pids the deployment's processes, by name; may be none
   */
  Processes(Map<String, Long> pids) {
    pids.forEach(this.pids::put);
    this.pids.put(GENERATOR, ProcessHandle.current().pid());
  }

  /**
   * What a process used.
   *
   * @param cpuSeconds user and system time of all its threads
   * @param rssMb resident memory in MB (10^6 bytes); 0 where it cannot be read
   * @param written bytes that it had written to disks; 0 where it cannot be read
   */
  record Usage(double cpuSeconds, double rssMb, double written) {
    static final Usage NONE = new Usage(0, 0, 0);
  }

  /** The processes named in a {@code stack.json}; throws an IllegalArgumentException. */
  static Map<String, Long> ofStack(Path file) {
    try {
      Map<String, Long> pids = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> each :
          new ObjectMapper().readTree(Files.readString(file)).properties()) {
        if (each.getValue().path("pid").isIntegralNumber()) {
          pids.put(each.getKey(), each.getValue().path("pid").longValue());
        }
      }
      return pids;
    } catch (IOException e) {
      throw new IllegalArgumentException("--stack cannot be read: " + Reasons.of(e), e);
    }
  }

  /** Throws an IllegalArgumentException that names a process which is not there. */
  static void requireRunning(Map<String, Long> pids) {
    pids.forEach(
        (name, pid) -> {
          if (ProcessHandle.of(pid).isEmpty()) {
            throw new IllegalArgumentException(
                "--pids or --stack names no process of this machine: %s=%d".formatted(name, pid));
          }
        });
  }

  /** What each has used since it started. */
  Map<String, Usage> now() {
    Map<String, Usage> usages = new LinkedHashMap<>();
    pids.forEach((name, pid) -> usages.put(name, now(name, pid)));
    return usages;
  }

  /** What each used since that sample; its memory is today's. */
  Map<String, Usage> since(Map<String, Usage> before) {
    Map<String, Usage> used = now();
    used.replaceAll(
        (name, usage) -> {
          Usage then = before.getOrDefault(name, Usage.NONE);
          return new Usage(
              usage.cpuSeconds() - then.cpuSeconds(),
              usage.rssMb(),
              usage.written() - then.written());
        });
    return used;
  }

  private static Usage now(String name, long pid) {
    return new Usage(
        cpuSeconds(name, pid),
        number(pid, "status", "VmRSS:") * 1024 / 1e6,
        number(pid, "io", "write_bytes:"));
  }

  private static double cpuSeconds(String name, long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos)
        .map(nanos -> nanos / 1e9)
        .orElseThrow(() -> new BenchException("cannot read the CPU time of " + name + ", " + pid));
  }

  /** The number in a line of a file that Linux keeps of each process. */
  private static long number(long pid, String file, String line) {
    try {
      for (String each : Files.readAllLines(Path.of("/proc", Long.toString(pid), file))) {
        if (each.startsWith(line)) {
          return Long.parseLong(each.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException e) {
      // Not Linux, another's process, or ended: CPU is what shows whether it is there.
    }
    return 0;
  }
}
