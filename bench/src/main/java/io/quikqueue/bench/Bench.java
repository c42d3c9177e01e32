package io.quikqueue.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code quikqueue bench}: measures a running deployment through its REST API. */
public final class Bench {

  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Bench() {}

  /** Exit code 1 when a job was refused or lost or nothing could be measured, 2 for arguments. */
  public static void main(String[] args) {
    // Else Logback shows everything, also the stack trace with which Java notes that it was
    // stopped.
    System.setProperty("logback.configurationFile", "io/quikqueue/bench/no-log.xml");
    int code = run(List.of(args), System.out, System.err);
    if (code != 0) {
      // Not exit: the JVM would log that, and nothing configures a log here. Nothing is left to do.
      Runtime.getRuntime().halt(code);
    }
  }

  /** Returns the exit code. */
  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.contains("--help") || args.contains("-h")) {
      out.print(BenchOptions.USAGE);
      return 0;
    }
    BenchOptions options;
    try {
      options = BenchOptions.parse(args);
      Processes.requireRunning(options.pids());
    } catch (IllegalArgumentException e) {
      err.println("quikqueue bench: " + e.getMessage());
      err.println("quikqueue bench: --help shows all arguments");
      return 2;
    }
    return measure(options, out, err);
  }

  private static int measure(BenchOptions options, PrintStream out, PrintStream err) {
    Troubles troubles = new Troubles();
    Processes processes = new Processes(options.pids());
    boolean good = true;
    try (Api api = new Api(options.target(), ANSWER)) {
      Submitter submitter = new Submitter(options.target(), ANSWER, troubles);
      Drain drain = new Drain(api, processes, PATIENCE);
      Measurement measurement =
          new Measurement(
              options, new Rounds(options, api, submitter, drain, processes, troubles), err);
      Footprint footprint = new Footprint(options, api);
      try {
        err.println(footprint.announced());
      } catch (BenchException e) {
        err.println("quikqueue bench: " + e.getMessage());
        return 1;
      }
      try {
        measurement.run();
      } catch (BenchException e) {
        err.println("quikqueue bench: " + e.getMessage());
        good = false;
      }
      Report report = new Report(options, measurement.results());
      out.print(report.table());
      Path json = options.json();
      if (json != null) {
        report.write(json, troubles);
      }
      cleanUp(footprint, err);
    } catch (IOException e) {
      err.println("quikqueue bench: cannot write " + options.json() + ": " + e.getMessage());
      good = false;
    }
    if (troubles.any()) {
      err.println("quikqueue bench: " + troubles.told());
    }
    return good && !troubles.any() ? 0 : 1;
  }

  private static void cleanUp(Footprint footprint, PrintStream err) {
    try {
      String left = footprint.cleanUp();
      if (!left.isEmpty()) {
        err.println(left);
      }
    } catch (BenchException e) {
      err.println("quikqueue bench: nobody knows what jobs are left: " + e.getMessage());
    }
  }
}
