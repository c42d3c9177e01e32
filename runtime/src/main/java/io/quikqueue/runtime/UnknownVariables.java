package io.quikqueue.runtime;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, once the process is up, of variables of its environment that look like those of QuikQueue
 * and that nothing reads: they may be misspelt. Known are those that its configuration names, those
 * of the files that come with QuikQueue, since processes share an environment, and those of the
 * launcher and of tools.
 */
final class UnknownVariables implements ConfiguredBundle<Configuration> {

  private static final Logger LOG = LoggerFactory.getLogger(UnknownVariables.class);
  private static final String PREFIX = "QQ_";
  private static final Pattern NAME = Pattern.compile("QQ_[A-Z0-9_]*[A-Z0-9]");
  private static final Set<String> OF_TOOLS =
      Set.of("QQ_AOT", "QQ_BUILD", "QQ_API_KEY", "QQ_URL", "QQ_KEY_FILE");

  private final Set<String> asked = new ConcurrentSkipListSet<>();

  /** The same source, whose names count as known from then on. */
  Variables.Source noting(Variables.Source source) {
    return name -> {
      asked.add(name);
      return source.get(name);
    };
  }

  @Override
  public void run(Configuration configuration, Environment environment) {
    environment
        .lifecycle()
        .addServerLifecycleListener(
            _ -> lines(System.getenv().keySet(), known(Settings.home())).forEach(LOG::warn));
  }

  /** Those that are known. */
  Set<String> known(Path home) {
    Set<String> known = new TreeSet<>(asked);
    known.addAll(OF_TOOLS);
    Path shipped = home.resolve("config");
    if (Files.isDirectory(shipped)) {
      try (Stream<Path> files = Files.list(shipped)) {
        files.filter(Files::isRegularFile).forEach(file -> known.addAll(names(file)));
      } catch (IOException | UncheckedIOException e) {
        LOG.debug("event=variables_not_checked", e);
      }
    }
    return known;
  }

  private static List<String> names(Path file) {
    try {
      return NAME.matcher(Files.readString(file)).results().map(MatchResult::group).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a process that does not start: those that are like one of the files that come along. */
  static List<String> hints(Collection<String> environment) {
    return hints(environment, new UnknownVariables().known(Settings.home()));
  }

  static List<String> hints(Collection<String> environment, Set<String> known) {
    return environment.stream()
        .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
        .sorted()
        .flatMap(
            name ->
                Nearest.of(name, known).stream()
                    .map(near -> "%s is set; is %s meant?".formatted(Printable.of(name), near)))
        .toList();
  }

  static List<String> lines(Collection<String> environment, Set<String> known) {
    return environment.stream()
        .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
        .sorted()
        .map(
            name ->
                "event=unknown_variable name="
                    + Printable.of(name)
                    + Nearest.of(name, known).map(near -> " meant=" + near).orElse(""))
        .toList();
  }
}
