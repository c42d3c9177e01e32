package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.PermanentFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class PluginLoaderTest {

  private static final String DESCRIBE =
      """
      package acme;

      import io.quikqueue.handler.*;
      import java.time.Instant;
      import java.util.*;

      public class Describe implements Handler<Describe.Order> {
        public record Line(String item, int count) {
          public Line {
            if (count < 1) throw new IllegalArgumentException("count must be positive");
          }
        }
        public record Order(String customerName, List<Line> lines, Instant at) {}
        public record Description(String shortText, UUID jobId, Instant at) {}
        public String type() { return "describe"; }
        public Class<Order> payloadType() { return Order.class; }
        public Object handle(Order order, HandlerContext context) throws Exception {
          if (order.customerName().equals("nobody")) throw new PermanentFailure("nobody orders nothing");
          if (order.customerName().equals("null")) return null;
          if (order.customerName().equals("busy")) throw new IllegalStateException("try again");
          if (order.customerName().equals("loader"))
            return Thread.currentThread().getContextClassLoader() == getClass().getClassLoader();
          context.progress(50, "half of it");
          context.log("attempt " + context.attempt() + " of " + context.traceparent());
          int sum = 0;
          for (Line line : order.lines()) sum += line.count();
          return new Description(order.customerName() + " wants " + sum, context.jobId(), order.at());
        }
      }
      """;

  @TempDir Path directory;
  private PluginJar jars;

  @BeforeEach
  void start() throws IOException {
    jars = new PluginJar(Files.createDirectory(directory.resolve("plugins")));
  }

  private Plugins load() throws IOException {
    return PluginLoader.load(directory.resolve("plugins"));
  }

  private static String simple(String className, String type) {
    return """
        package acme;

        import io.quikqueue.handler.*;

        public class %s implements Handler<String> {
          public String type() { return %s; }
          public Class<String> payloadType() { return String.class; }
          public Object handle(String payload, HandlerContext context) { return payload + "!"; }
        }
        """
        .formatted(className, type);
  }

  @Test
  void runsJobsByAHandlerOutOfAJar() throws Exception {
    jars.write("describe.jar", "acme.Describe", DESCRIBE);
    try (Plugins plugins = load()) {
      JobHandler handler = HandlerRegistry.builtIn().with(plugins).find("describe").orElseThrow();
      OneRun run =
          OneRun.of(
              """
              {"customer_name": "Ada", "at": "2026-01-02T03:04:05Z",
               "lines": [{"item": "x", "count": 2}, {"item": "y", "count": 3}]}""");

      assertThat(handler.run(run).json())
          .isEqualTo(
              "{\"short_text\":\"Ada wants 5\",\"job_id\":\""
                  + OneRun.ID
                  + "\",\"at\":\"2026-01-02T03:04:05Z\"}");
      assertThat(run.told())
          .containsExactly("50% half of it", "attempt 1 of " + OneRun.TRACEPARENT);
      assertThat(handler.run(OneRun.of("{\"customer_name\": \"null\"}")).json()).isNull();
      assertThat(handler.run(OneRun.of("{\"customer_name\": \"loader\"}")).json())
          .isEqualTo("true");
      assertThat(plugins.problems()).isEmpty();
      assertThat(plugins.types()).containsExactly("describe");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"customer_name\": \"nobody\"}        | nobody orders nothing",
        "{\"customer\": \"Ada\"}                | customer: is not a field of this type of job",
        "{\"customer_name\": 1}                 | customer_name: must be a string",
        "{\"lines\": {}}                        | lines: must be a list",
        "{\"lines\": [{\"item\": \"x\"}]}       | lines[0].count: must be a whole number in range",
        "{\"lines\": [{\"count\": 0}]}          | lines[0]: count must be positive",
        "{\"lines\": [{\"count\": 1, \"n\": 0}]}           | lines[0].n: is not a field of this type of job",
        "{\"at\": \"today\"}                    | at: must be a valid Instant",
      })
  void givesUpOnAPayloadOfAnotherForm(String payload, String message) throws Exception {
    jars.write("describe.jar", "acme.Describe", DESCRIBE);
    try (Plugins plugins = load()) {
      JobHandler handler = HandlerRegistry.builtIn().with(plugins).find("describe").orElseThrow();

      assertThatExceptionOfType(PermanentFailureException.class)
          .isThrownBy(() -> handler.run(OneRun.of(payload)))
          .withMessage(message);
    }
  }

  @Test
  void failsAsTheHandlerFails() throws Exception {
    jars.write("describe.jar", "acme.Describe", DESCRIBE);
    try (Plugins plugins = load()) {
      JobHandler handler = HandlerRegistry.builtIn().with(plugins).find("describe").orElseThrow();

      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> handler.run(OneRun.of("{\"customer_name\": \"busy\"}")))
          .withMessage("try again");
    }
  }

  @Test
  void isContentWithoutPluginsAndSaysSo() throws Exception {
    Path nowhere = directory.resolve("nowhere");
    Path some = Files.createDirectory(directory.resolve("some"));
    Files.writeString(some.resolve("notes.txt"), "no jar");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(PluginLoader.class);
    logger.addAppender(log);
    try (Plugins none = PluginLoader.load(nowhere);
        Plugins empty = load();
        Plugins noJar = PluginLoader.load(some)) {
      assertThat(none.types()).isEmpty();
      assertThat(empty.types()).isEmpty();
      assertThat(empty.problems()).isEmpty();
      assertThat(noJar.types()).isEmpty();
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "event=no_plugins folder=" + nowhere + " reason=missing",
            "event=no_plugins folder=" + directory.resolve("plugins") + " reason=\"no .jar in it\"",
            "event=no_plugins folder=" + some + " reason=\"no .jar in it\"");
  }

  @Test
  void refusesAFileInPlaceOfTheFolder() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> PluginLoader.load(file));
  }

  @Test
  void reportsBrokenJarsAndUsesTheOthers() throws Exception {
    jars.write("good.jar", "acme.Good", simple("Good", "\"good\""));
    Files.writeString(jars.path("garbage.jar"), "not a zip file");
    jars.write("unnamed.jar", null, simple("Unnamed", "\"unnamed\""));
    jars.write("missing.jar", "acme.Elsewhere", simple("Missing", "\"missing\""));
    jars.write("wrong.jar", "acme.Wrong", "package acme; public class Wrong {}");
    jars.write("untyped.jar", "acme.Untyped", simple("Untyped", "null"));
    jars.write("spaced.jar", "acme.Spaced", simple("Spaced", "\"a type\""));
    jars.write(
        "speechless.jar",
        "acme.Speechless",
        simple("Speechless", "thrown()")
            .replace(
                "{\n  public String",
                "{\n  String thrown() { throw new IllegalStateException(); }\n  public String"));
    jars.write(
        "throws.jar",
        "acme.Throws",
        simple("Throws", "\"throws\"")
            .replace(
                "{\n  public String",
                "{\n  { if (true) throw new RuntimeException(\"no key\"); }\n  public String"));

    try (Plugins plugins = load()) {
      assertThat(plugins.types()).containsExactly("good");
      assertThat(plugins.problems())
          .containsOnlyKeys(
              "garbage.jar",
              "missing.jar",
              "spaced.jar",
              "speechless.jar",
              "throws.jar",
              "untyped.jar",
              "unnamed.jar",
              "wrong.jar")
          .hasEntrySatisfying("missing.jar", why -> assertThat(why).contains("acme.Elsewhere"))
          .hasEntrySatisfying("spaced.jar", why -> assertThat(why).contains("type"))
          .hasEntrySatisfying("garbage.jar", why -> assertThat(why).startsWith("it is no jar, or"))
          .containsEntry("speechless.jar", "java.lang.IllegalStateException")
          .hasEntrySatisfying("unnamed.jar", why -> assertThat(why).contains("META-INF/services"));
      JobHandler good = HandlerRegistry.builtIn().with(plugins).find("good").orElseThrow();
      assertThat(good.run(OneRun.of("\"hi\"")).json()).isEqualTo("\"hi!\"");
    }
  }

  @Test
  void refusesTwoPluginsOfOneType() throws Exception {
    jars.write("one.jar", "acme.One", simple("One", "\"same\""));
    jars.write("two.jar", "acme.Two", simple("Two", "\"same\""));

    assertThatIllegalArgumentException()
        .isThrownBy(this::load)
        .withMessage("the plugins one.jar and two.jar both have a handler for jobs of type same");
  }

  @Test
  void refusesAPluginOfABuiltInType() throws Exception {
    jars.write("echo.jar", "acme.Echo", simple("Echo", "\"echo\""));
    try (Plugins plugins = load()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> HandlerRegistry.builtIn().with(plugins))
          .withMessageContainingAll("echo.jar", "type echo");
    }
  }

  @Test
  void showsAPluginNothingButTheApi() throws Exception {
    jars.write(
        "peek.jar",
        "acme.Peek",
        simple("Peek", "\"peek\"")
            .replace(
                "return payload + \"!\";",
                """
                try { return Class.forName(payload) != null; }
                catch (ClassNotFoundException e) { return false; }"""));
    try (Plugins plugins = load()) {
      JobHandler peek = HandlerRegistry.builtIn().with(plugins).find("peek").orElseThrow();

      assertThat(peek.run(OneRun.of("\"java.sql.Connection\"")).json()).isEqualTo("true");
      assertThat(peek.run(OneRun.of("\"io.quikqueue.handler.Handler\"")).json()).isEqualTo("true");
      assertThat(peek.run(OneRun.of("\"io.quikqueue.domain.job.Job\"")).json()).isEqualTo("false");
      assertThat(peek.run(OneRun.of("\"com.fasterxml.jackson.databind.ObjectMapper\"")).json())
          .isEqualTo("false");
    }
  }

  @Test
  void givesUpWhenAPluginLacksAClass() throws Exception {
    jars.write(
        "lacks.jar",
        "acme.Lacks",
        simple("Lacks", "\"lacks\"")
            .replace(
                "return payload + \"!\";",
                "return org.slf4j.LoggerFactory.getLogger(payload).getName();"));
    try (Plugins plugins = load()) {
      JobHandler lacks = HandlerRegistry.builtIn().with(plugins).find("lacks").orElseThrow();

      assertThatExceptionOfType(PermanentFailureException.class)
          .isThrownBy(() -> lacks.run(OneRun.of("\"x\"")))
          .withMessageContainingAll("lacks.jar", "org/slf4j/LoggerFactory");
    }
  }
}
