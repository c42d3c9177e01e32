package io.quikqueue.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code quikqueue bench} was asked for.
 *
 * @param jobs per repetition; in figures that submit in bulk rounded up to whole batches
 * @param clients connections that submit one job after the other
 * @param batch jobs per bulk submit
 * @param payload size of a job's payload in bytes
 * @param rate jobs per second of figure D
 * @param seconds how long a repetition of figure D submits
 * @param warmUp seconds of load before the first figure
 * @param endpoint the port of the endpoint that the jobs of figure H call
 * @param json where all repetitions are written to; null = nowhere
 * @param queue the queue the jobs go to; nobody else may use it
 * @param groups the groups that the no-op jobs are of, in turn; 0 = they have none
 * @param pids the deployment's processes on this machine, by name
 */
record BenchOptions(
    Target target,
    Set<Figure> figures,
    int jobs,
    int clients,
    int batch,
    int payload,
    int rate,
    int seconds,
    int warmUp,
    int repetitions,
    int endpoint,
    @Nullable Path json,
    String queue,
    int groups,
    Map<String, Long> pids) {

  static final String USAGE =
      """
      usage: quikqueue bench [--url URL] [--key-file FILE] [--figures LIST] [ARGUMENTS]

        --url URL         the deployment's api (default http://127.0.0.1:8000)
        --key-file FILE   a file with the key to call with, of the role operator; else the variable
                          QQ_API_KEY has it (default: none)
        --figures LIST    of these, with commas (default: all but H, W and cold)
                            A1      jobs accepted per second, one submit per job
                            A2      jobs accepted per second in batches
                            B       jobs finished per second from a full queue
                            C       first submit to last job done, one submit per job
                            C-bulk  first submit to last job done, in batches
                            D       latency at a steady rate
                            H       as C-bulk, with jobs that call an endpoint which bench serves on
                                    127.0.0.1: a deployment started with QQ_ALLOW=127.0.0.1:8099
                            W       a workflow that is a chain of 1000 nodes: how long from the end of
                                    one to the end of the next; fewer nodes with fewer --jobs
                            cold    as C, of the first 10000 jobs of a deployment just started:
                                    measured once, before the warm-up
        --jobs N          per repetition (default 20000)
        --clients N       connections that submit single jobs (default 16)
        --batch N         jobs per batch (default 500)
        --payload BYTES   size of a job's payload (default 200)
        --rate N          jobs per second of figure D (default 100)
        --seconds N       length of figure D (default 15), for its warm-up and each repetition
        --warm-up N       seconds of load before anything is measured (default 60): until then
                          a deployment that has just started is still compiling
        --repetitions N   measured of each figure (default 3)
        --endpoint PORT   where bench serves the endpoint of figure H (default 8099)
        --json FILE       also write every repetition to FILE
        --queue NAME      a queue that nobody else uses (default: a new one)
        --groups N        the no-op jobs are of so many groups, in turn (default 0: of none); limits
                          that are set for the queue before hold
        --pids NAME=PID,…   the deployment's processes, when they run on this machine:
        --stack FILE        their CPU and memory are shown; FILE is stack.json of `quikqueue stack`

      A1, A2 and B hold all workers with `sleep` jobs while they submit: measure a deployment that
      has nothing else to do. At its end it deletes its jobs, unless the queue had jobs before, and
      says how many stay. Exit code 1 when a job was refused or lost, 2 for wrong arguments.
      """;

  private static final Set<String> NAMES =
      Set.of(
          "--url",
          "--key-file",
          "--figures",
          "--jobs",
          "--clients",
          "--batch",
          "--payload",
          "--rate",
          "--seconds",
          "--warm-up",
          "--repetitions",
          "--endpoint",
          "--json",
          "--queue",
          "--groups",
          "--pids",
          "--stack");
  // The queue that holds the workers has a longer name, which must fit too.
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,58}");
  private static final int MOST_KEY_BYTES = 400;
  private static final int MAX_BATCH_BYTES = 30_000_000;
  private static final int MAX_TIMED_JOBS = 200_000;
  private static final int MOST_COLD_JOBS = 10_000;
  private static final int MOST_CHAINED = 1_000;

  BenchOptions {
    figures = EnumSet.copyOf(figures);
    pids = Collections.unmodifiableMap(new LinkedHashMap<>(pids));
    range("--jobs", jobs, 1, 10_000_000);
    range("--clients", clients, 1, 256);
    range("--batch", batch, 2, 10_000);
    range("--payload", payload, Requests.LEAST_PAYLOAD, 1_000_000);
    range("--rate", rate, 1, 100_000);
    range("--seconds", seconds, 1, 3600);
    range("--warm-up", warmUp, 0, 3600);
    range("--repetitions", repetitions, 1, 100);
    range("--endpoint", endpoint, 1, 65_535);
    range("--groups", groups, 0, 10_000);
    if ((long) batch * (payload + 100) > MAX_BATCH_BYTES) {
      throw new IllegalArgumentException("--batch times --payload must stay below 30 MB");
    }
    if ((long) rate * seconds > MAX_TIMED_JOBS) {
      throw new IllegalArgumentException("--rate times --seconds must be at most 200000 jobs");
    }
    if (!QUEUE.matcher(queue).matches()) {
      throw new IllegalArgumentException("--queue must be 1 to 59 of a-z 0-9 _ . -, was " + queue);
    }
  }

  /** Throws an IllegalArgumentException that names the argument at fault. */
  static BenchOptions parse(List<String> args) {
    Map<String, String> given = values(args);
    Map<String, Long> pids = new LinkedHashMap<>();
    String stack = given.get("--stack");
    if (stack != null) {
      pids.putAll(Processes.ofStack(Path.of(stack)));
    }
    pids.putAll(pids(given.getOrDefault("--pids", "")));
    String json = given.get("--json");
    return new BenchOptions(
        Target.of(given.getOrDefault("--url", "http://127.0.0.1:8000"))
            .withKey(key(given.get("--key-file"))),
        figures(given.get("--figures")),
        number(given, "--jobs", 20_000),
        number(given, "--clients", 16),
        number(given, "--batch", 500),
        number(given, "--payload", 200),
        number(given, "--rate", 100),
        number(given, "--seconds", 15),
        number(given, "--warm-up", 60),
        number(given, "--repetitions", 3),
        number(given, "--endpoint", 8099),
        json == null ? null : writable(Path.of(json)),
        given.getOrDefault("--queue", "bench-" + UUID.randomUUID().toString().substring(0, 8)),
        number(given, "--groups", 0),
        pids);
  }

  /** Of a file or the environment: never an argument, which others on the machine can see. */
  private static String key(@Nullable String file) {
    if (file == null) {
      return Objects.requireNonNullElse(System.getenv("QQ_API_KEY"), "");
    }
    try {
      if (Files.size(Path.of(file)) > MOST_KEY_BYTES) {
        throw new IllegalArgumentException("--key-file is too large for a key");
      }
      return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException | InvalidPathException e) {
      // it may be the key itself, by mistake
      throw new IllegalArgumentException(
          "--key-file cannot be read; it must be the path of a file", e);
    }
  }

  /** Looked at before anything is measured, which takes minutes. */
  private static Path writable(Path json) {
    Path folder = json.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("--json needs a folder that is there, was " + json);
    }
    if (Files.isDirectory(json) || !Files.isWritable(Files.exists(json) ? json : folder)) {
      throw new IllegalArgumentException("--json must be a file that can be written, was " + json);
    }
    return json;
  }

  private static Map<String, String> values(List<String> args) {
    Map<String, String> given = new HashMap<>();
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String arg = rest.next();
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("unknown argument " + arg);
      }
      String value = equals >= 0 ? arg.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
      if (value.isBlank()) {
        throw new IllegalArgumentException(name + " needs a value");
      }
      given.put(name, value);
    }
    return given;
  }

  private static Set<Figure> figures(@Nullable String list) {
    if (list == null) {
      return Figure.USUAL;
    }
    Set<Figure> figures = EnumSet.noneOf(Figure.class);
    for (String label : list.split(",", -1)) {
      figures.add(Figure.of(label.strip()));
    }
    return figures;
  }

  private static Map<String, Long> pids(String list) {
    Map<String, Long> pids = new LinkedHashMap<>();
    for (String each : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      int equals = each.indexOf('=');
      try {
        pids.put(
            each.substring(0, Math.max(1, equals)), Long.parseLong(each.substring(equals + 1)));
      } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
        throw new IllegalArgumentException("--pids must be NAME=PID,…, was " + list, e);
      }
      if (equals < 1) {
        throw new IllegalArgumentException("--pids must be NAME=PID,…, was " + list);
      }
    }
    return pids;
  }

  private static int number(Map<String, String> given, String name, int usual) {
    String value = given.get(name);
    try {
      return value == null ? usual : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number, was " + value, e);
    }
  }

  private static void range(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + most + ", was " + value);
    }
  }

  /** The queue of half of the jobs that hold the workers. */
  String holdQueue() {
    return queue + "-hold";
  }

  /** That of the other half: one queue alone may not hold every slot of a worker. */
  String secondHoldQueue() {
    return "second-" + holdQueue();
  }

  /** All queues that get jobs. */
  List<String> queues() {
    boolean holds =
        figures.contains(Figure.A1) || figures.contains(Figure.A2) || figures.contains(Figure.B);
    return holds ? List.of(queue, holdQueue(), secondHoldQueue()) : List.of(queue);
  }

  /** As many as still find a deployment cold that has just started, at most. */
  int coldJobs() {
    return Math.min(jobs, MOST_COLD_JOBS);
  }

  /** The nodes of a chain. */
  int chainNodes() {
    return Math.min(jobs, MOST_CHAINED);
  }

  /** Whether nothing is measured for which the deployment must be warm. */
  boolean isColdOnly() {
    return figures.equals(Set.of(Figure.COLD));
  }

  /** Bulk submits per repetition. */
  int batches() {
    return (jobs + batch - 1) / batch;
  }
}
