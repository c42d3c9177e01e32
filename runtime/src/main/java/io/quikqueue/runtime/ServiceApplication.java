package io.quikqueue.runtime;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of QuikQueue that is started from the command line. It says in a line or two what keeps
 * it from starting, with {@code --debug} everything that is known about it; it ends with 2 when the
 * command line is wrong, with 1 when something else is.
 */
public abstract class ServiceApplication<T extends Configuration> extends Application<T> {

  private static final int USAGE = 2;
  private static final int SETUP = 1;

  private boolean debug;
  private String database = "";

  /** What {@code --help} prints, without the options that all have. */
  protected abstract String usage();

  /** The words for Dropwizard's command line; throws a {@link UsageException} for wrong ones. */
  protected List<String> words(List<String> arguments) {
    if (arguments.size() != 2 || arguments.getLast().startsWith("-")) {
      throw new UsageException(
          arguments.size() < 2 || arguments.get(1).startsWith("-") && arguments.size() == 2
              ? unknownOption(arguments)
              : "takes one configuration file and nothing else");
    }
    requireReadable(arguments.getLast());
    return arguments;
  }

  /**
   * Does what the command line says.
   *
   * @param arguments {@code server CONFIG.yml}, or another command that the application knows
   */
  public final void launch(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    debug = all.remove("--debug");
    if (all.contains("--help") || all.contains("-h")) {
      System.out.print(usage());
      System.out.println("  --debug   when it cannot start, print all that is known about why");
      return;
    }
    try {
      run(words(all).toArray(String[]::new));
    } catch (Exception e) {
      onFatalError(e);
    }
  }

  @Override
  public final void run(String... arguments) throws Exception {
    PrintableLog.install();
    Bootstrap<T> bootstrap = new Bootstrap<>(this);
    addDefaultCommands(bootstrap);
    initialize(bootstrap);
    bootstrap.registerMetrics();
    // What it would print about a failure is said better below.
    Cli cli =
        new Cli(
            new JarLocation(getClass()), bootstrap, System.out, OutputStream.nullOutputStream());
    cli.run(arguments).ifPresent(this::onFatalError);
  }

  @Override
  protected void addDefaultCommands(Bootstrap<T> bootstrap) {
    bootstrap.addCommand(new StartCommand<>(this));
  }

  @Override
  protected final void onFatalError(Throwable e) {
    if (debug) {
      e.printStackTrace();
    }
    boolean usage = StartErrors.isUsage(e);
    System.err.println("quikqueue: " + StartErrors.describe(e, database));
    if (usage) {
      usage().lines().takeWhile(line -> !line.isBlank()).forEach(System.err::println);
      System.err.println("quikqueue: --help tells more");
    } else if (!debug && !StartErrors.isUnderstood(e)) {
      System.err.println("quikqueue: --debug tells more");
    }
    if (!usage) {
      // One of them may be the reason: a port, or an address, that was not taken.
      UnknownVariables.hints(System.getenv().keySet())
          .forEach(hint -> System.err.println("quikqueue: " + hint));
    }
    System.exit(usage ? USAGE : SETUP);
  }

  /** Hosts and ports of the database that the command is about, for the message that it is away. */
  protected final void reaches(String servers) {
    database = servers;
  }

  /** Refuses a configuration file that is not there. */
  protected static void requireReadable(String file) {
    if (file.isBlank()) {
      throw new UsageException("needs a configuration file, not an empty name");
    }
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      throw new SetupException(
          "there is no configuration file %s; those that come with QuikQueue are in %s"
              .formatted(Printable.of(file), Settings.home().resolve("config")));
    }
    if (Files.isDirectory(path)) {
      throw new SetupException(Printable.of(file) + " is a folder and no configuration file");
    }
    if (!Files.isReadable(path)) {
      throw new SetupException("cannot read the configuration file " + Printable.of(file));
    }
  }

  private static String unknownOption(List<String> arguments) {
    return arguments.size() < 2
        ? "needs a configuration file"
        : "unknown option " + Printable.of(arguments.getLast());
  }
}
