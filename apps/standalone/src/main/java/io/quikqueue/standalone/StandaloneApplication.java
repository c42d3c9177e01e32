package io.quikqueue.standalone;

import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.runtime.ServiceApplication;
import io.quikqueue.runtime.Settings;
import io.quikqueue.runtime.SetupException;
import io.quikqueue.runtime.Version;
import io.quikqueue.sql.NewerSchemaException;
import io.quikqueue.sql.SqliteLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The whole service in one process on one SQLite file. */
public final class StandaloneApplication extends ServiceApplication<StandaloneConfiguration> {

  private UpOptions options = UpOptions.parse(List.of());

  /** {@code up [OPTIONS]}, or {@code server CONFIG.yml}. */
  public static void main(String[] args) {
    new StandaloneApplication().launch(args);
  }

  @Override
  public String getName() {
    return "quikqueue";
  }

  @Override
  protected String usage() {
    return UpOptions.USAGE;
  }

  @Override
  protected List<String> words(List<String> arguments) {
    if (arguments.isEmpty() || !arguments.getFirst().equals("up")) {
      return super.words(arguments);
    }
    options = UpOptions.parse(arguments.subList(1, arguments.size()));
    String config = Settings.home().resolve("config").resolve("standalone.yml").toString();
    requireReadable(config);
    return List.of("server", config);
  }

  @Override
  public void initialize(Bootstrap<StandaloneConfiguration> bootstrap) {
    Settings.substitute(bootstrap, options.variables());
  }

  private static void unpackLibrary(Path folder) {
    try {
      SqliteLibrary.unpackInto(folder.resolve("native"));
    } catch (IOException e) {
      throw new SetupException(e.getMessage() + "; choose another folder with --data", e);
    }
  }

  @Override
  public void run(StandaloneConfiguration config, Environment environment) throws IOException {
    Path file = config.database().file();
    Path folder = Objects.requireNonNull(file.getParent(), "an absolute path has one");
    DataDirectory data = DataDirectory.open(folder, Version.current());
    try {
      DatabaseFile.requireUsable(file);
      unpackLibrary(folder);
      new Service(config, environment, data.crashedBefore()).register(environment, data);
    } catch (NewerSchemaException e) {
      data.leave();
      throw new SetupException(
          "the data in %s is of a newer QuikQueue than this one, %s (%s); see docs/upgrade.md"
              .formatted(DataDirectory.shown(folder), Version.current(), e.getMessage()),
          e);
    } catch (UnavailableException e) {
      data.leave();
      throw new SetupException(
          "cannot use the database file %s (%s); choose another folder with --data"
              .formatted(DataDirectory.shown(file), e.getMessage()),
          e);
    } catch (RuntimeException e) {
      data.leave();
      throw e;
    }
    environment
        .lifecycle()
        .addServerLifecycleListener(
            server ->
                System.out.printf(
                    "QuikQueue listens on http://%s (admin http://%s), data in %s%n",
                    options.self(), options.admin(), DataDirectory.shown(folder)));
  }
}
