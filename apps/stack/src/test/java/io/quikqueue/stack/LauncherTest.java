package io.quikqueue.stack;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a source tree of its own, with a Maven that only writes down that it was called.
 */
class LauncherTest {
  private static final Path LAUNCHER =
      Path.of("..", "..", "quikqueue").toAbsolutePath().normalize();

  @TempDir Path temp;

  /** Whatever a folder may be called, but for a colon. */
  private Path dir;

  private Path source;
  private int runs;

  @BeforeEach
  void aSourceTreeAndAMaven() throws IOException {
    dir = Files.createDirectory(temp.resolve("it's a \"b\"  #1 %41 $HOME ä*"));
    Files.copy(LAUNCHER, dir.resolve("quikqueue"));
    Files.setPosixFilePermissions(
        dir.resolve("quikqueue"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(dir.resolve("pom.xml"), "<version>1.2.3</version>\n");
    for (String folder :
        List.of(
            ".mvn",
            "domain",
            "handler-api",
            "client",
            "runtime",
            "bench",
            "adapters",
            "testkits",
            "apps/stack/target")) {
      Files.createDirectories(dir.resolve(folder));
    }
    Files.createFile(dir.resolve("apps/stack/target/quikqueue-stack-1.jar"));
    source = Files.createDirectories(dir.resolve("domain/src/main")).resolve("Job.java");
    Files.writeString(source, "class Job {}");
    backdate();
    maven(
        """
        #!/bin/sh
        echo "maven: $*"
        echo "java: $JAVA_HOME"
        echo "QQ_BUILD: ${QQ_BUILD:-}"
        echo "$MAVEN_OPTS" > "$0.opts"
        case " $* " in *" -q "* | *" verify "*) ;; *)
          echo "[INFO] Building QuikQueue a b 0.1.0                                       [1/12]"
          echo "[INFO] Building jar: /x/[1/2]/y.jar"
          echo "[INFO] Building QuikQueue distribution of everything there is 0.1.0-SNAPSHOT [12/12]" ;;
        esac
        [ ! -e "$0.broken" ] || echo "[ERROR] Job.java:[1,7] wrong"
        case " $* " in *" verify "* | *" install "* | *" test-compile "* | *" test "*) exit 0 ;; esac
        echo built >> "$0.calls"
        [ ! -e "$0.broken" ] || exit 1
        for arg; do
          case $arg in -Dquikqueue.dist=*) dist=${arg#*=} ;; esac
        done
        sleep 1
        mkdir -p "$dist/lib" "$dist/servers-lib"
        : > "$dist/lib/a.jar"
        """);
    // So that no test installs a browser on this machine.
    executable(dir.resolve("chromium"), "#!/bin/sh\n");
  }

  @Test
  void buildsOnceAndAgainOnlyAfterAChange() throws Exception {
    assertThat(launch("build").exit()).isZero();
    assertThat(launch("build").exit()).isZero();
    assertThat(builds()).isEqualTo(1);
    assertThat(dir.resolve(".build/servers-lib/quikqueue-stack-1.jar")).exists();

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(launch("build").exit()).isZero();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void saysWhichModuleIsBuiltAndShowsNothingElse() throws Exception {
    assertThat(launch("build").output())
        .isEqualTo(
            """
            quikqueue: building (only when sources changed)
            quikqueue:   QuikQueue a b (1 of 12)
            quikqueue:   QuikQueue distribution of everything there is (12 of 12)
            """);
    assertThat(Files.readString(dir.resolve(".build/build.log")))
        .contains(" -Dstyle.color=never ", "[INFO] Building jar");
    assertThat(Files.readString(dir.resolve("mvn.opts"))).contains(" -Djansi.noreset=true ");
  }

  @Test
  void showsWhatAMavenSaidThatCannotStart() throws Exception {
    maven("#!/bin/sh\necho no Java here >&2\nexit 1\n");

    Result failed = launch("build");

    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.output()).contains("\nno Java here\n", "quikqueue: the build failed");
  }

  @Test
  void noticesADeletedSourceButNotATestOrABuildResult() throws Exception {
    launch("build");
    Path test = Files.createDirectories(dir.resolve("domain/src/test")).resolve("JobTest.java");
    Files.writeString(test, "class JobTest {}");
    Files.createDirectories(dir.resolve("domain/target/src/main/java"));
    launch("build");
    assertThat(builds()).isEqualTo(1);

    Files.delete(source);
    Files.setLastModifiedTime(source.getParent(), FileTime.from(Instant.now().plusSeconds(5)));
    launch("build");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aFailedBuildIsTriedAgainAndLeavesWhatWasBuiltBefore() throws Exception {
    launch("build");
    Path broken = Files.createFile(dir.resolve("mvn.broken"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

    Result failed = launch("build");

    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.output())
        .contains("\n[ERROR] Job.java:[1,7] wrong\n", "quikqueue: the build failed")
        .contains("quikqueue: all that Maven said is in " + dir.toRealPath() + "/.build/build.log")
        .doesNotContain("[INFO]");
    assertThat(dir.resolve(".build/lib/a.jar")).exists();
    assertThat(dir.resolve(".build/lock")).doesNotExist();
    Files.delete(broken);
    assertThat(launch("build").exit()).isZero();
    assertThat(builds()).isEqualTo(3);
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    Process first = start(Map.of(), "build");
    Process second = start(Map.of(), "build");

    assertThat(first.waitFor(240, SECONDS)).isTrue();
    assertThat(second.waitFor(240, SECONDS)).isTrue();
    assertThat(first.exitValue() + second.exitValue()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aLockWhoseHolderIsGoneDoesNotHinder() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createDirectories(dir.resolve(".build/lock"));
    Files.writeString(dir.resolve(".build/lock/pid"), gone.pid() + "\n");

    assertThat(launch("build").exit()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void becomesTheJvmAndPassesArgumentsAndOptionsOn() throws Exception {
    launch("build");
    Path own =
        Path.of(LauncherTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String options = "-Xbootclasspath/a:" + own + " -Dgiven=yes -XX:+PrintCommandLineFlags";

    Files.createDirectories(dir.resolve(".build/aot"));
    Files.createFile(dir.resolve(".build/aot/apps.aot"));

    // No such class is on the path: what matters is the command line the JVM reports.
    Process process = start(Map.of("JAVA_OPTS", options, "QQ_AOT", "on"), "worker", "a b.yml");

    assertThat(process.waitFor(240, SECONDS)).isTrue();
    assertThat(output(runs))
        .contains("-XX:MaxHeapSize=402653184", "-XX:+UseParallelGC")
        .contains("-XX:AOTCache=" + dir.toRealPath().resolve(".build/aot/apps.aot"))
        .contains("io.quikqueue.worker.WorkerApplication");
    assertThat(process.exitValue()).isEqualTo(1);
  }

  @Test
  void buildsThenSendsTestsToMavenWithTheirArguments() throws Exception {
    Result result = launch("test", "-pl", "domain");

    assertThat(result.exit()).isZero();
    assertThat(builds()).isEqualTo(1);
    assertThat(result.output())
        .endsWith(
            "maven: -B -T 3 verify -Dtest.excludedGroups=faults -am"
                + " -Dsurefire.failIfNoSpecifiedTests=false -pl domain\njava: %s\nQQ_BUILD: off\n"
                    .formatted(System.getProperty("java.home")));
  }

  @Test
  void picksAThirdOfTheFaultMatrixByTheCommit() throws Exception {
    executable(dir.resolve("git"), "#!/bin/sh\necho a1b2c3d\n");

    Result result = launch("test", "--faults=third", "-q");

    assertThat(result.exit()).isZero();
    assertThat(result.output())
        .contains(
            " -Dtest.excludedGroups= -Dquikqueue.third=%d -Dquikqueue.seconds=90 -q\n"
                .formatted(0xa1b2c3d % 3));
    executable(dir.resolve("git"), "#!/bin/sh\nexit 128\n");
    assertThat(launch("test", "--faults=third"))
        .isEqualTo(
            new Result(
                1,
                "quikqueue: test --faults=third needs a git checkout; test --faults takes the whole"
                    + " matrix\n"));
    executable(dir.resolve("git"), "#!/bin/sh\necho fatal: dubious ownership >&2\nexit 128\n");
    assertThat(launch("test", "--faults=third").output())
        .endsWith(" takes the whole matrix\nfatal: dubious ownership\n");
  }

  @Test
  void saysThatGitIsMissing() throws Exception {
    Process process = start(Map.of("PATH", dir.toString()), "test", "--faults=third");

    assertThat(process.waitFor(240, SECONDS)).isTrue();
    assertThat(new Result(process.exitValue(), output(runs)))
        .isEqualTo(
            new Result(
                1,
                "quikqueue: test --faults=third needs git, which is not installed; test --faults"
                    + " takes the whole matrix\n"));
  }

  @Test
  void installsWhatOthersCompileAgainst() throws Exception {
    Result result = launch("install", "-Dmaven.repo.local=a b");

    assertThat(result.exit()).isZero();
    assertThat(result.output())
        .contains("quikqueue:   QuikQueue a b (1 of 12)\n")
        .endsWith(
            "quikqueue: installed io.quikqueue:quikqueue-handler-api:1.2.3 and"
                + " io.quikqueue:quikqueue-client:1.2.3\n");
    assertThat(Files.readString(dir.resolve(".build/install.log")))
        .contains(" -pl handler-api,client -am -Dmaven.repo.local=a b install\n");
    assertThat(builds()).as("builds of the whole").isZero();
  }

  /** With its own Java: the formatter takes no older one, such as may be the default. */
  @Test
  void formatsTheSources() throws Exception {
    Result result = launch("format");

    assertThat(result.exit()).isZero();
    assertThat(Files.readString(dir.resolve(".build/format.log")))
        .contains(" spotless:apply\n", "java: " + System.getProperty("java.home") + "\n");
  }

  @Test
  void tellsAboutItselfWithoutBuilding() throws Exception {
    for (String command : List.of("build", "install", "test", "chaos", "format", "version")) {
      Result help = launch(command, "--help");
      assertThat(help.exit()).as(command).isZero();
      assertThat(help.output()).as(command).startsWith("usage: quikqueue COMMAND");
    }
    assertThat(builds()).isZero();
  }

  /** The first build takes minutes, which nobody wants to wait for who only asks. */
  @Test
  void tellsAboutAServiceWithoutBuilding() throws Exception {
    for (String command : List.of("up", "stack", "api", "worker", "db", "bench")) {
      Result help = launch(command, "--help");
      assertThat(help.exit()).as(command).isZero();
      assertThat(help.output())
          .as(command)
          .startsWith("usage: quikqueue COMMAND")
          .endsWith("After ./quikqueue build this tells more.\n");
    }
    assertThat(builds()).isZero();

    launch("build");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    // No such class is on the path: what was built is asked, as it is.
    assertThat(launch("worker", "-h").output()).contains("io.quikqueue.worker.WorkerApplication");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void saysThatTheSourcesAreMissing() throws Exception {
    Files.delete(dir.resolve("pom.xml"));

    for (String command : List.of("install", "test", "chaos", "format")) {
      assertThat(launch(command))
          .isEqualTo(
              new Result(
                  1,
                  "quikqueue: %s needs the sources, which are not in %s\n"
                      .formatted(command, dir.toRealPath())));
    }
    assertThat(launch("version").output()).startsWith("quikqueue: is not built");
    assertThat(launch("version").exit()).isEqualTo(1);
    assertThat(launch("up").output()).startsWith("quikqueue: is not built");
  }

  @Test
  void refusesAFolderThatNoClassPathCanName() throws Exception {
    Path colon = Files.createDirectory(temp.resolve("a:b"));
    Files.copy(dir.resolve("quikqueue"), colon.resolve("quikqueue"));
    dir = colon;

    Result refused = launch("build");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.output()).startsWith("quikqueue: its folder must have no colon");
  }

  @Test
  void sendsChaosToMaven() throws Exception {
    Result result = launch("chaos", "--seed", "7", "--minutes", "1");

    assertThat(result.exit()).isZero();
    assertThat(result.output())
        .contains(" -Dtest=ChaosTest ", " -Dquikqueue.seed=7 -Dquikqueue.seconds=60\n")
        .contains("quikqueue: chaos: building, then faults for 1 min, then a check")
        .contains("quikqueue:   QuikQueue a b (1 of 12)\n");
    assertThat(Files.readString(dir.resolve(".build/chaos.log")))
        .contains(" -pl apps/acceptance -am test-compile\n");
    assertThat(launch("chaos", "--minutes=2", "--seed=8").output())
        .contains(" -Dquikqueue.seed=8 -Dquikqueue.seconds=120\n");
    for (String wrong : List.of("x", "", "-1", "1234567890")) {
      assertThat(launch("chaos", "--seed", wrong))
          .isEqualTo(
              new Result(2, "quikqueue: chaos: --seed needs a number of at most nine digits\n"));
    }
    assertThat(launch("chaos", "--fast").output()).contains("chaos: unknown option: --fast");
  }

  @Test
  void refusesArgumentsThatItDoesNotKnow() throws Exception {
    for (List<String> wrong :
        List.of(
            List.of("build", "domain"),
            List.of("format", "domain"),
            List.of("version", "--short"),
            List.of("test", "--faults=thrid"),
            List.of("test", "--fault"),
            List.of("test", "--faults", "--faults=third"),
            List.of("chaos", "--minutes", "0"))) {
      Result refused = launch(wrong.toArray(String[]::new));
      assertThat(refused.exit()).as(refused.output()).isEqualTo(2);
      assertThat(refused.output())
          .startsWith("quikqueue: " + wrong.getFirst())
          .contains(wrong.get(wrong.getFirst().equals("chaos") ? 1 : wrong.size() - 1));
    }
    assertThat(builds()).isZero();
  }

  @Test
  void knowsItsVersionAndRefusesUnknownCommands() throws Exception {
    assertThat(launch("version")).isEqualTo(new Result(0, "QuikQueue 1.2.3\n"));
    assertThat(launch("--help").exit()).isZero();
    Result unknown = launch("downn");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.output())
        .isEqualTo("quikqueue: unknown command: downn; quikqueue help lists them\n");
    assertThat(launch().exit()).isEqualTo(2);
    assertThat(builds()).isZero();
  }

  @Test
  void passesOverAJavaThatIsTooOld() throws Exception {
    Path old = dir.resolve("old");
    Files.createDirectories(old.resolve("bin"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    executable(old.resolve("bin/javac"), "#!/bin/sh\n");
    Path young = Path.of(System.getProperty("java.home"));

    Process process =
        start(
            Map.of(
                "JAVA_HOME",
                old.toString(),
                "PATH",
                dir + ":" + young.resolve("bin") + ":" + System.getenv("PATH")),
            "test");

    assertThat(process.waitFor(240, SECONDS)).isTrue();
    assertThat(output(runs)).contains("java: " + young.toRealPath());
  }

  private record Result(int exit, String output) {}

  private Result launch(String... args) throws IOException, InterruptedException {
    Process process = start(Map.of(), args);
    int run = runs;
    assertThat(process.waitFor(240, SECONDS)).isTrue();
    return new Result(process.exitValue(), output(run));
  }

  private Process start(Map<String, String> env, String... args) throws IOException {
    runs++;
    List<String> command = new ArrayList<>(List.of(dir.resolve("quikqueue").toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out-" + runs).toFile());
    builder.environment().put("PATH", dir + ":" + System.getenv("PATH"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("QQ_AOT", "off");
    builder.environment().remove("JAVA_OPTS");
    // As in a unit of systemd, where none is set.
    builder.environment().remove("HOME");
    builder.environment().remove("QQ_BUILD");
    builder.environment().putAll(env);
    return builder.start();
  }

  private String output(int run) throws IOException {
    return Files.readString(dir.resolve("out-" + run));
  }

  private long builds() throws IOException {
    Path calls = dir.resolve("mvn.calls");
    return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
  }

  private void maven(String script) throws IOException {
    executable(dir.resolve("mvn"), script);
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void backdate() throws IOException {
    FileTime past = FileTime.from(Instant.now().minusSeconds(60));
    try (var all = Files.walk(dir)) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, past);
      }
    }
  }
}
