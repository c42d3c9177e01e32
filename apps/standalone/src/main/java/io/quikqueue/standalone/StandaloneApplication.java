package io.quikqueue.standalone;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.runtime.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The whole service in one process on one SQLite file. */
public final class StandaloneApplication extends Application<StandaloneConfiguration> {

  private final UpOptions options;

  private StandaloneApplication(UpOptions options) {
    this.options = options;
  }

  /**
   * {@code up [OPTIONS]}, or what Dropwizard takes: {@code server CONFIG.yml}, {@code check
   * CONFIG.yml}.
   */
  public static void main(String[] args) throws Exception {
    List<String> arguments = new ArrayList<>(Arrays.asList(args));
    boolean up = !arguments.isEmpty() && arguments.getFirst().equals("up");
    UpOptions options;
    try {
      options = UpOptions.parse(up ? arguments.subList(1, arguments.size()) : List.of());
    } catch (IllegalArgumentException e) {
      System.err.println("quikqueue: " + e.getMessage());
      System.err.println(UpOptions.USAGE);
      System.exit(2);
      return;
    }
    StandaloneApplication application = new StandaloneApplication(options);
    if (up) {
      String config =
          Path.of(System.getProperty("quikqueue.home", "."), "config", "standalone.yml").toString();
      application.run("server", config);
    } else {
      application.run(args);
    }
  }

  @Override
  public String getName() {
    return "quikqueue";
  }

  @Override
  protected void addDefaultCommands(Bootstrap<StandaloneConfiguration> bootstrap) {
    bootstrap.addCommand(new UpCommand(this));
    bootstrap.addCommand(new CheckCommand<>(this));
  }

  @Override
  public void initialize(Bootstrap<StandaloneConfiguration> bootstrap) {
    Map<String, String> variables = new HashMap<>(options.variables());
    variables.put("QQ_SELF", options.self());
    Settings.substitute(bootstrap, variables);
  }

  @Override
  public void run(StandaloneConfiguration config, Environment environment) throws IOException {
    DataDirectory data = DataDirectory.open(Path.of(options.value("QQ_DATA", "./data")));
    new Service(config, environment, data.crashedBefore()).register(environment, data);
    environment
        .lifecycle()
        .addServerLifecycleListener(
            server ->
                System.out.printf(
                    "QuikQueue listens on http://%s (admin http://%s:%s), data in %s%n",
                    options.self(),
                    options.value("QQ_ADMIN_HOST", "127.0.0.1"),
                    options.value("QQ_ADMIN_PORT", "8001"),
                    options.value("QQ_DATA", "./data")));
  }
}
