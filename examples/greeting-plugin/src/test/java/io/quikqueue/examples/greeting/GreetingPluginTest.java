package io.quikqueue.examples.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.DurableSteps;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.handlers.HandlerRegistry;
import io.quikqueue.handlers.PluginLoader;
import io.quikqueue.handlers.Plugins;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs the example into a jar and loads it as a worker does. */
class GreetingPluginTest {

  @TempDir Path directory;
  private Plugins plugins;
  private JobHandler handler;

  @BeforeEach
  void load() throws Exception {
    URI location =
        GreetingHandler.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    pack(Path.of(location), directory.resolve("greeting.jar"));
    plugins = PluginLoader.load(directory);
    handler = HandlerRegistry.builtIn().with(plugins).find("greet").orElseThrow();
  }

  @AfterEach
  void close() {
    plugins.close();
  }

  private static void pack(Path classes, Path target) throws Exception {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, jar);
      }
    }
  }

  @Test
  void greets() throws Exception {
    assertThat(handler.run(new Run("{\"name\": \"Ada\"}")).json())
        .isEqualTo("{\"greeting\":\"Hello, Ada!\"}");
  }

  @Test
  void greetsNobodyWithoutAName() {
    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> handler.run(new Run("{}")))
        .withMessage("name: must not be blank");
    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> handler.run(new Run("{\"nome\": \"Ada\"}")))
        .withMessageStartingWith("nome: ");
  }

  @Test
  void printsCardsTogetherAndRefusesOneWithoutAName() throws Exception {
    JobHandler cards = HandlerRegistry.builtIn().with(plugins).find("greeting_card").orElseThrow();
    FutureTask<String> ada =
        new FutureTask<>(() -> cards.run(new Run("{\"name\": \"Ada\"}")).json());
    Thread.startVirtualThread(ada);

    assertThatExceptionOfType(PermanentFailureException.class)
        .isThrownBy(() -> cards.run(new Run("{\"name\": \"\"}")))
        .withMessage("name: must not be blank");
    assertThat(ada.get(30, TimeUnit.SECONDS)).startsWith("{\"text\":\"Hello, Ada!\",");
  }

  private record Run(String payload) implements JobRun {

    @Override
    public Job job() {
      return Job.submit(
              new JobId(new UUID(1, 1)), JobSpec.of("greet", payload), null, false, Instant.EPOCH)
          .job();
    }

    @Override
    public Duration timeLeft() {
      return Duration.ofSeconds(60);
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public void progress(int percent, @Nullable String note) {}

    @Override
    public void log(@Nullable String line) {}

    @Override
    public DurableSteps steps() {
      throw new UnsupportedOperationException("a greeting needs no steps");
    }
  }
}
