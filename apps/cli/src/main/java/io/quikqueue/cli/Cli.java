package io.quikqueue.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The commands that speak to a running deployment. */
@Command(
    name = "quikqueue",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      JobCommands.class,
      QueueCommands.class,
      DeadCommands.class,
      WorkerCommands.class,
      WorkflowCommands.class,
      ScheduleCommands.class,
      StatsCommand.class
    })
public final class Cli {

  /** The service refused, or does not know what was named. */
  static final int REFUSED = 1;

  /** The command line is wrong. */
  static final int MISUSED = 2;

  /** The service did not answer. */
  static final int UNREACHABLE = 3;

  /** A job or a workflow that was waited for did not end as hoped. */
  static final int ENDED_OTHERWISE = 4;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "show this")
  private boolean isHelpAskedFor;

  private Cli() {}

  /** Ends with one of the exit codes of docs/cli.md. */
  public static void main(String[] args) {
    // The jars of all services are at hand; without a configuration Logback shows everything.
    System.setProperty("logback.configurationFile", "io/quikqueue/cli/no-log.xml");
    int code =
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args);
    System.exit(code);
  }

  /** Returns the exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine cli =
        new CommandLine(new Cli())
            .setOut(out)
            .setErr(err)
            .setExpandAtFiles(false) // a payload may come from one
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    cli.setParameterExceptionHandler((e, _) -> misused(e));
    cli.setExecutionExceptionHandler((e, of, _) -> failed(e, of));
    return cli.execute(args);
  }

  private static int misused(ParameterException e) {
    CommandLine of = e.getCommandLine();
    of.getErr().println("quikqueue: " + Text.safe(String.valueOf(e.getMessage())));
    of.getErr().println("`%s --help` says more".formatted(of.getCommandSpec().qualifiedName()));
    return MISUSED;
  }

  private static int failed(Exception e, CommandLine of) throws Exception {
    int code =
        switch (e) {
          case RefusedException _ -> REFUSED;
          case UnreachableException _ -> UNREACHABLE;
          default -> throw e;
        };
    of.getErr().println("quikqueue: " + Text.safe(String.valueOf(e.getMessage())));
    return code;
  }
}
