package io.quikqueue.stack;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack as a process of its own, with real servers and stand-ins for the apps. */
class StackTest {

  /** Bounds what hangs: servers have three minutes to start. */
  private static final int LIMIT_SECONDS = 300;

  private static final List<String> NAMES =
      List.of("api", "consumer", "worker", "scheduler", "mariadb", "kafka", "redis");

  @TempDir Path dir;
  private Path home;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void aHomeWhoseLauncherStartsStandIns() throws IOException {
    home = Files.createDirectories(dir.resolve("home"));
    Path launcher = home.resolve("quikqueue");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        if [ "$1" = db ]; then
          echo "migrating with $3"
          [ ! -e "%s/broken" ] || exit 3
          exit 0
        fi
        exec "%s" -Xmx32m -cp "%s" io.quikqueue.stack.FakeApp "$@"
        """
            .formatted(home, java(), System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterEach
  void stopWhatATestLeftRunning() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void refusesADataFolderThatIsAFile() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));

    Process stack = stack("--data", file.toString(), "--port", "0");

    assertThat(stack.waitFor(LIMIT_SECONDS, SECONDS)).isTrue();
    assertThat(stack.exitValue()).isEqualTo(1);
    assertThat(output(stack))
        .contains("cannot write to the folder " + file, "; choose another with --data")
        .doesNotContain("java.", "Exception");
  }

  /** Of what a server keeps, too, and not as Java says it. */
  @Test
  void namesAFileWhereAFolderShouldBe() throws Exception {
    Path data = Files.createDirectories(dir.resolve("data"));
    for (String server : List.of("mariadb", "kafka", "redis")) {
      Files.createFile(data.resolve(server));
    }

    Process stack = stack("--data", data.toString(), "--port", "0");

    assertThat(stack.waitFor(LIMIT_SECONDS, SECONDS)).isTrue();
    assertThat(stack.exitValue()).isEqualTo(1);
    assertThat(output(stack))
        .contains("quikqueue stack: cannot ", " is a file and no folder")
        .doesNotContain("java.", "Exception");
  }

  @Test
  void saysInThreeLinesThatItIsMisused() throws Exception {
    Process stack = stack("--prot", "1");

    assertThat(stack.waitFor(LIMIT_SECONDS, SECONDS)).isTrue();
    assertThat(stack.exitValue()).isEqualTo(2);
    assertThat(output(stack))
        .isEqualTo(
            """
            quikqueue stack: unknown argument --prot
            usage: quikqueue stack [--data DIR] [--port N] [--servers-only]
            quikqueue stack: --help tells more
            """);
  }

  @Test
  void showsWhereItFailedWithDebug() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));

    Process stack = stack("--debug", "--data", file.toString());

    assertThat(stack.waitFor(LIMIT_SECONDS, SECONDS)).isTrue();
    assertThat(output(stack)).contains("\tat io.quikqueue.stack.", "choose another with --data");
  }

  @Test
  void runsSevenProcessesSaysWhenOneEndsAndStopsAllInOrder() throws Exception {
    Process stack = stack("--data", data().toString(), "--port", "0");
    awaitOutput(stack, "QuikQueue listens on http://127.0.0.1:");

    JsonNode processes = new ObjectMapper().readTree(data().resolve("stack.json").toFile());
    assertThat(processes.fieldNames()).toIterable().containsExactlyElementsOf(NAMES);
    for (String name : NAMES) {
      JsonNode process = processes.get(name);
      assertThat(isAlive(process.get("pid").asLong())).as(name).isTrue();
      assertThat(niceness(process) > niceness(processes.get("api")))
          .as(name + " leaves the cores to what clients wait for")
          .isEqualTo(!List.of("api", "mariadb").contains(name));
      assertThat(process.get("host").asText()).isEqualTo("127.0.0.1");
      assertThat(process.get("port").asInt()).isPositive();
      assertThat(Path.of(process.get("log").asText())).exists();
      assertThat(output(stack)).contains("pid " + process.get("pid").asLong());
    }
    assertThat(processes.get("api").get("admin_port").asInt()).isPositive();
    assertThat(processes.toString()).doesNotContain("PASSWORD");
    assertThat(log("migrate")).contains("migrating with " + home.resolve("config/scheduler.yml"));
    assertThat(log("api")).contains("api " + home.resolve("config/api.yml") + " runs");
    settingsAreForTheirOwnerAndComplete(processes.get("api").get("port").asInt());

    Process second = stack("--data", data().toString(), "--port", "0");
    assertThat(second.waitFor(LIMIT_SECONDS, SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(output(second)).contains("another stack runs on " + data());

    long worker = processes.get("worker").get("pid").asLong();
    ProcessHandle.of(worker).orElseThrow().destroyForcibly();
    awaitOutput(stack, "worker (pid " + worker + ") ended by itself, exit code 137");
    assertThat(isAlive(processes.get("api").get("pid").asLong())).isTrue();

    stack.destroy();

    assertThat(stack.waitFor(LIMIT_SECONDS, SECONDS)).isTrue();
    for (String name : NAMES) {
      assertThat(isAlive(processes.get(name).get("pid").asLong())).as(name).isFalse();
    }
    for (String app : List.of("api", "consumer", "scheduler")) {
      assertThat(log(app)).contains("drained");
    }
    assertThat(log("worker")).doesNotContain("drained");
    assertThat(output(stack))
        .doesNotContain("scheduler (pid")
        .containsSubsequence(
            "quikqueue stack: starting MariaDB, Kafka and Redis;",
            "quikqueue stack: setting up the database",
            "quikqueue stack: starting api, consumer, worker and scheduler",
            "QuikQueue listens on",
            "quikqueue stack: stopping;");
  }

  @Test
  void servesTheServersAloneAndAFailedMigrationStopsThemAll() throws Exception {
    Process servers = stack("--data", data().toString(), "--servers-only");
    awaitOutput(servers, "To use them:  . '" + data().resolve("stack.env") + "'");
    JsonNode processes = new ObjectMapper().readTree(data().resolve("stack.json").toFile());
    assertThat(processes.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("mariadb", "kafka", "redis");
    Process shell =
        new ProcessBuilder(
                "sh", "-c", ". \"$0\"; echo \"$QQ_DB_URL $QQ_KAFKA\"", data() + "/stack.env")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo(
            processes.get("mariadb").get("QQ_DB_URL").asText()
                + " "
                + processes.get("kafka").get("QQ_KAFKA").asText());
    // The hardest end: nothing can tidy up after itself.
    servers.destroyForcibly();
    await()
        .atMost(Duration.ofSeconds(LIMIT_SECONDS))
        .until(
            () ->
                processes.findValuesAsText("pid").stream()
                    .mapToLong(Long::parseLong)
                    .noneMatch(StackTest::isAlive));

    Files.createFile(home.resolve("broken"));
    Process stack = stack("--data", data().toString(), "--port", "0");

    assertThat(stack.waitFor(LIMIT_SECONDS, SECONDS)).isTrue();
    assertThat(stack.exitValue()).isEqualTo(1);
    assertThat(output(stack)).contains("the migration failed, see " + data());
    assertThat(data().resolve("stack.json")).doesNotExist();
    assertThat(data().resolve("log/api.log")).doesNotExist();
  }

  private void settingsAreForTheirOwnerAndComplete(int port) throws IOException {
    Path env = data().resolve("stack.env");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(env))
        .contains(
            "export QQ_HOST='127.0.0.1'",
            "export QQ_PORT='" + port + "'",
            "export QQ_ADMIN_PORT='0'",
            "export QQ_DB_URL='jdbc:mysql://127.0.0.1:",
            "export QQ_DB_USER='quikqueue'",
            "export QQ_DB_PASSWORD='",
            "export QQ_KAFKA='127.0.0.1:",
            "export QQ_REDIS='redis://quikqueue:",
            "export QQ_SUBMIT_URL='http://127.0.0.1:" + port + "/echo'",
            "export QQ_ALLOW='http://127.0.0.1:" + port + "/echo,10.0.0.0/8'");
  }

  private Path data() {
    return dir.resolve("data");
  }

  private String log(String name) throws IOException {
    return Files.readString(data().resolve("log").resolve(name + ".log"));
  }

  private Process stack(String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "-Dquikqueue.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Stack.class.getName()));
    command.addAll(List.of(args));
    Path out = dir.resolve("out-" + started.size());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("QQ_ALLOW", "10.0.0.0/8");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String output(Process process) throws IOException {
    return Files.readString(dir.resolve("out-" + started.indexOf(process)));
  }

  private void awaitOutput(Process process, String text) {
    await()
        .atMost(Duration.ofSeconds(LIMIT_SECONDS))
        .failFast(
            () -> assertThat(process.isAlive()).as("runs; said: %s", output(process)).isTrue())
        .until(() -> output(process).contains(text));
  }

  private static int niceness(JsonNode process) throws IOException {
    String stat = Files.readString(Path.of("/proc", process.get("pid").asText(), "stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
