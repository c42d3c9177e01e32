package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.OwnProcesses;
import io.quikqueue.acceptance.Project;
import io.quikqueue.acceptance.Servers;
import io.quikqueue.acceptance.Third;
import io.quikqueue.servers.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes that are started before the servers they need. */
@OwnProcesses
@Tag("faults")
@ExtendWith(Third.class)
@Timeout(1200)
final class StartOrderTest {

  private static final String STORE = "store";
  private static final String STREAM = "stream";
  private static final String READY_QUEUE = "ready-queue";

  /** Long enough for several tries. */
  private static final Duration WITHOUT = Duration.ofSeconds(5);

  private static final Duration SOON = Duration.ofMinutes(3);

  private static final Pattern TIME = Pattern.compile("^\\S+Z ");

  private static final Path FOLDER = Project.tempFolder("start-order");
  private static Servers servers;

  private final App api = App.of("api", servers);
  private final App consumer = App.of("consumer", servers);
  private final App worker = App.of("worker", servers);
  private final App scheduler = App.of("scheduler", servers);
  private final List<App> apps = List.of(api, consumer, worker, scheduler);

  @BeforeAll
  static void startServers() {
    servers = Servers.start(FOLDER);
  }

  @BeforeEach
  void startAgain() {
    servers.all().forEach(Server::start);
  }

  @AfterAll
  static void stopServers() {
    servers.close();
    Project.delete(FOLDER);
  }

  @AfterEach
  void stopApps() {
    apps.forEach(App::close);
  }

  @Test
  void theDatabaseComesLast() {
    comesLast(
        List.of(servers.mariaDb()),
        Map.of(api, Set.of(STORE), worker, Set.of(STORE), scheduler, Set.of(STORE)));
  }

  @Test
  void kafkaComesLast() {
    comesLast(
        List.of(servers.kafka()), Map.of(consumer, Set.of(STREAM), scheduler, Set.of(STREAM)));
  }

  @Test
  void redisComesLast() {
    comesLast(
        List.of(servers.redis()),
        Map.of(
            consumer, Set.of(READY_QUEUE),
            worker, Set.of(READY_QUEUE),
            scheduler, Set.of(READY_QUEUE)));
  }

  @Test
  void allServersComeLast() {
    comesLast(
        servers.all(),
        Map.of(
            api, Set.of(STORE),
            consumer, Set.of(STREAM, READY_QUEUE),
            worker, Set.of(STORE, READY_QUEUE),
            scheduler, Set.of(STORE, STREAM, READY_QUEUE)));
  }

  /**
   * Starts all processes while some servers are away, and these later.
   *
   * @param lacking what each process then says it lacks; one that is not named lacks nothing
   */
  private void comesLast(List<? extends Server> late, Map<App, Set<String>> lacking) {
    late.forEach(Server::stop);
    apps.forEach(App::launch);
    for (App app : apps) {
      await(app.name() + " is up without " + late)
          .atMost(SOON)
          .failFast(() -> Project.requireAlive(app.process()))
          .untilAsserted(() -> assertThat(app.lacks()).isEqualTo(expected(app, lacking)));
    }
    await("each stays up and says what it lacks")
        .during(WITHOUT)
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> apps.stream().allMatch(app -> expected(app, lacking).equals(app.lacks())));

    saysWhereItIs(late);

    late.forEach(Server::start);
    apps.forEach(App::awaitReady);
    String job = api.http().post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}").string("id");
    await("a job runs")
        .atMost(SOON)
        .until(() -> api.http().get("/v1/jobs/" + job + "/result?wait=5s").status() == 200);
    apps.forEach(StartOrderTest::saidEverythingOnce);
  }

  /** Whoever cannot reach a server says where it should be, and never the password. */
  private void saysWhereItIs(List<? extends Server> late) {
    for (Server server : late) {
      App app = server == servers.mariaDb() ? api : consumer;
      assertThat(app.admin().get("/healthcheck").text())
          .as(app.name())
          .contains(server.host() + ":" + server.port())
          .doesNotContain(servers.mariaDb().password());
    }
  }

  private static Set<String> expected(App app, Map<App, Set<String>> lacking) {
    return lacking.getOrDefault(app, Set.of());
  }

  /** Every line says that one thing waits for one reason, so none comes twice. */
  private static void saidEverythingOnce(App app) {
    assertThat(app.logged())
        .as(app.name())
        .filteredOn(line -> line.contains("event=started service=" + app.name() + " "))
        .singleElement()
        .asString()
        .contains("admin=127.0.0.1:")
        .contains(app.name().equals("api") ? "store=127.0.0.1:" : "=127.0.0.1:");
    List<String> complaints =
        app.logged().stream().map(TIME::matcher).map(line -> line.replaceFirst("")).toList();
    assertThat(complaints)
        .as(app.name())
        .doesNotHaveDuplicates()
        .allMatch(line -> line.startsWith("INFO ") || line.startsWith("WARN "));
  }
}
