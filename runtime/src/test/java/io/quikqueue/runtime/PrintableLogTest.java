package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.LoggerContext;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import net.sourceforge.argparse4j.inf.Namespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A service with the log format of the files in config/, whose log goes to a file. */
class PrintableLogTest {

  private static final String BAD = "\u001b[2J\u009b31m\u0007\r\b\u0000";
  private static final String SHOWN = "\\u001b[2J\\u009b31m\\u0007\\u000d\\u0008\\u0000";
  private static final Pattern FORMAT = Pattern.compile("logFormat: (\".*\")");

  @TempDir Path folder;

  @AfterEach
  void closeTheFile() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
  }

  @Test
  void noControlCharacterOfAMessageReachesATerminal() throws Exception {
    String line = logged(() -> log().warn("event=job_failed error=\"{}\tä€𝄞\"", BAD));

    assertThat(line).contains("event=job_failed error=\"" + SHOWN + "\tä€𝄞\"");
    assertThat(line).doesNotContainPattern("[\\p{Cc}&&[^\t\n]]").hasLineCount(1);
  }

  @Test
  void aMessageIsOneLine() throws Exception {
    String line = logged(() -> log().warn("event=a\n2026-01-01T00:00:00 INFO event=forged"));

    assertThat(line).contains("event=a\\u000a2026-01-01").hasLineCount(1);
  }

  @Test
  void aStackTraceKeepsItsLinesAndNothingElse() throws Exception {
    Exception cause = new IllegalArgumentException("because " + BAD);
    String trace =
        logged(() -> log().error("event=unexpected_error", new IllegalStateException(BAD, cause)));

    assertThat(trace)
        .contains("IllegalStateException: " + SHOWN + "\n\tat ")
        .containsOnlyOnce("Caused by: java.lang.IllegalArgumentException: because " + SHOWN)
        .doesNotContainPattern("[\\p{Cc}&&[^\t\n]]");
  }

  private static org.slf4j.Logger log() {
    return LoggerFactory.getLogger("io.quikqueue.Test");
  }

  /** What a service that does this writes to its log. */
  private String logged(Runnable work) throws Exception {
    String shipped = Files.readString(Path.of("..", "config", "worker.yml"));
    String format =
        FORMAT.matcher(shipped).results().map(found -> found.group(1)).findFirst().orElseThrow();
    Path log = folder.resolve("service.log");
    Path config =
        Files.writeString(
            folder.resolve("service.yml"),
            """
            logging:
              appenders:
                - type: file
                  currentLogFilename: '%s'
                  archive: false
                  logFormat: %s
            """
                .formatted(log, format));
    new Service(work).launch("probe", config.toString());
    // Lines are written by a thread of the log's own.
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> Files.readString(log), text -> text.endsWith("\n"));
  }

  private static final class Service extends ServiceApplication<Configuration> {

    private final Runnable work;

    Service(Runnable work) {
      this.work = work;
    }

    @Override
    protected String usage() {
      return "";
    }

    @Override
    protected List<String> words(List<String> arguments) {
      return arguments;
    }

    @Override
    public void initialize(Bootstrap<Configuration> bootstrap) {
      bootstrap.addCommand(
          new ConfiguredCommand<Configuration>("probe", "logs") {
            @Override
            protected void run(
                Bootstrap<Configuration> ours, Namespace namespace, Configuration configuration) {
              work.run();
            }
          });
    }

    @Override
    public void run(Configuration configuration, Environment environment) {}
  }
}
