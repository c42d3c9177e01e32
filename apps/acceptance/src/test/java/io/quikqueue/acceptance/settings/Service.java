package io.quikqueue.acceptance.settings;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.quikqueue.acceptance.settings.ConfigFile.Line;
import io.quikqueue.api.ApiConfiguration;
import io.quikqueue.consumer.ConsumerConfiguration;
import io.quikqueue.scheduler.SchedulerConfiguration;
import io.quikqueue.standalone.StandaloneConfiguration;
import io.quikqueue.worker.WorkerConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A service, its configuration class, and the settings of that class that it does not read. */
enum Service {
  API(ApiConfiguration.class, Set.of("kafka.newQueueDelay")),
  CONSUMER(ConsumerConfiguration.class, Set.of()),
  WORKER(WorkerConfiguration.class, Set.of("kafka.newQueueDelay")),
  SCHEDULER(SchedulerConfiguration.class, Set.of("kafka.newQueueDelay")),
  STANDALONE(
      StandaloneConfiguration.class,
      // An SQLite file has no users; jobs are neither relayed nor compared with a ready queue.
      Set.of(
          "database.user",
          "database.password",
          "scheduling.relayGrace",
          "scheduling.sweepEvery",
          "scheduling.sweepAge"));

  /** Where the files that come along say something else than the classes. */
  private static final Set<String> SET_IN_FILES =
      Set.of(
          "database.url",
          "database.user",
          "submit.endpoint", // the port is a variable's
          "worker.http.allow");

  private final ConfigClass<?> type;
  private final Set<String> notRead;

  Service(Class<? extends Configuration> type, Set<String> notRead) {
    this.type = new ConfigClass<>(type);
    this.notRead = notRead;
  }

  /** The file that comes along. */
  ConfigFile file() throws IOException {
    String name = name().toLowerCase(Locale.ROOT) + ".yml";
    return new ConfigFile(name, Files.readString(Path.of("..", "..", "config", name)));
  }

  /** What is wrong with a file for this service; empty = nothing. */
  List<String> complaints(ConfigFile file)
      throws IOException, ConfigurationException, ReflectiveOperationException {
    Map<String, String> defaults = new LinkedHashMap<>(type.defaults());
    defaults.keySet().removeAll(notRead);
    Map<String, String> inFile = new LinkedHashMap<>();
    List<String> complaints = new ArrayList<>();
    for (Line line : file.settings()) {
      boolean group =
          defaults.keySet().stream().anyMatch(path -> path.startsWith(line.path() + "."));
      if (!group && line.comment().isBlank()) {
        complaints.add(file.name() + ": no sentence above " + line.path());
      }
      if (!group && !defaults.containsKey(line.path())) {
        complaints.add(file.name() + ": " + line.path() + " is no setting of this service");
      }
      inFile.put(line.path(), line.value());
    }
    Map<String, String> values = type.read(file, file.uncommented());
    defaults.forEach(
        (path, value) -> {
          if (!inFile.containsKey(path)) {
            complaints.add(file.name() + ": " + path + " is missing; its default is " + value);
          } else if (!SET_IN_FILES.contains(path) && !value.equals(values.get(path))) {
            complaints.add(
                "%s: %s is %s (%s), but its default is %s"
                    .formatted(file.name(), path, inFile.get(path), values.get(path), value));
          }
        });
    return complaints;
  }

  /** Reads a file as the service does when it starts. */
  void read(ConfigFile file)
      throws IOException, ConfigurationException, ReflectiveOperationException {
    type.read(file, file.text());
  }

  /** The same, with values of variables. */
  void read(ConfigFile file, Map<String, String> variables)
      throws IOException, ConfigurationException {
    Object unused = type.read(file, file.text(), variables);
  }
}
