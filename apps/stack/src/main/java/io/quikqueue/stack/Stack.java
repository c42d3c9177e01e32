package io.quikqueue.stack;

import io.quikqueue.servers.ServerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * {@code quikqueue stack}: starts everything, prints what runs, and stops it in order at Ctrl-C or
 * SIGTERM.
 */
public final class Stack {
  private Stack() {}

  /**
   * Runs until a signal. Exit code 1 when something could not be started, 2 for wrong arguments.
   */
  public static void main(String[] args) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of(args));
    boolean debug = all.remove("--debug");
    if (all.contains("--help") || all.contains("-h")) {
      System.out.print(StackOptions.USAGE);
      return;
    }
    StackOptions options;
    try {
      options = StackOptions.parse(all);
    } catch (IllegalArgumentException e) {
      System.err.println("quikqueue stack: " + e.getMessage());
      System.err.println(StackOptions.USAGE.lines().findFirst().orElseThrow());
      System.err.println("quikqueue stack: --help tells more");
      System.exit(2);
      return;
    }
    RunningStack stack = new RunningStack(options, home().resolve("quikqueue"), home());
    Runtime.getRuntime().addShutdownHook(new Thread(stack::stop, "stop"));
    try {
      stack.start();
    } catch (ServerException e) {
      if (!stack.isStopping()) {
        if (debug) {
          e.printStackTrace();
        }
        System.err.println("quikqueue stack: " + e.getMessage());
        System.exit(1);
      }
    }
    new CountDownLatch(1).await();
  }

  private static Path home() {
    return Path.of(System.getProperty("quikqueue.home", "")).toAbsolutePath();
  }
}
