package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What {@link io.quikqueue.domain.port.Workers} guarantees: who was heard of within the time asked
 * for, by the store's clock and not by theirs, and every type that was ever offered.
 */
public abstract class WorkersContract extends StoreContract {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void nobodyLivesAtFirst() {
    assertThat(stores.workers().live(HOUR)).isEmpty();
    assertThat(stores.workers().types()).isEmpty();
  }

  @Test
  void aWorkerIsShownAsItSaidItIs() {
    List<AttemptSnapshot> running =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    i % 3 == 0
                        ? running(i, null)
                        : running(
                            i,
                            new Progress(i % 101, i % 5 == 0 ? null : "at 🎉 \" ' \\ \t\n " + i)))
            .toList();
    WorkerInfo worker =
        new WorkerInfo(
            "host-1:4711:Ünïcode '\" \\ %",
            "host-1.example",
            Long.MAX_VALUE,
            Set.of("default", "a.b-c_d"),
            Set.of("echo", "Echo", "http"),
            1000,
            100,
            running,
            Instant.EPOCH,
            Instant.EPOCH);

    stores.workers().heartbeat(worker);

    assertThat(stores.workers().live(HOUR))
        .singleElement()
        .usingRecursiveComparison()
        .ignoringFields("startedAt", "seenAt")
        .isEqualTo(worker);
  }

  @Test
  void aHeartbeatReplacesWhatWasKnown() {
    WorkerInfo idle = aWorker("w", 0);
    WorkerInfo busy =
        new WorkerInfo(
            "w",
            "other",
            2,
            Set.of("q"),
            Set.of(),
            9,
            1,
            List.of(running(1, null)),
            Instant.EPOCH,
            Instant.EPOCH);
    stores.workers().heartbeat(idle);
    stores.workers().heartbeat(busy);

    assertThat(stores.workers().live(HOUR))
        .singleElement()
        .usingRecursiveComparison()
        .ignoringFields("startedAt", "seenAt")
        .isEqualTo(busy);
  }

  @Test
  void manyHeartbeatsAreTakenAtOnceNewWorkersAndKnownOnes() {
    stores.workers().heartbeat(aWorker("w7", 0));
    List<WorkerInfo> all =
        IntStream.range(0, 100)
            .mapToObj(i -> i == 7 ? offering("w7", Set.of("new")) : aWorker("w" + i, i))
            .toList();

    stores.workers().heartbeats(all.reversed());

    assertThat(stores.workers().live(HOUR))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("startedAt", "seenAt")
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(stores.workers().types()).containsExactlyInAnyOrder("echo", "http", "new");
  }

  @Test
  void theStoresClockTellsWhenAWorkerStartedAndWasSeen() {
    stores.workers().heartbeat(aWorker("w", 0));
    WorkerInfo first = stores.workers().live(HOUR).getFirst();
    stores.letPass().accept(SHORT);
    stores.workers().heartbeat(aWorker("w", 1));
    WorkerInfo second = stores.workers().live(HOUR).getFirst();

    Instant now = jobs.now();
    assertThat(first.startedAt()).isBetween(now.minusSeconds(60), now.plusSeconds(60));
    assertThat(first.seenAt()).isEqualTo(first.startedAt());
    assertThat(second.startedAt()).isEqualTo(first.startedAt());
    assertThat(second.seenAt())
        .isAfterOrEqualTo(first.seenAt().plus(SHORT))
        .isBeforeOrEqualTo(now.plusSeconds(60));
  }

  @Test
  void aSilentWorkerIsNotLive() {
    stores.workers().heartbeat(aWorker("silent", 0));
    assertThat(liveIds(HOUR)).containsExactly("silent");

    stores.letPass().accept(SHORT.plusMillis(50));
    stores.workers().heartbeat(aWorker("alive", 0));

    assertThat(liveIds(SHORT)).doesNotContain("silent");
    stores.workers().heartbeat(aWorker("silent", 0));
    assertThat(liveIds(HOUR)).contains("silent");
  }

  @Test
  void aWorkerLivesAsLongAsIsAsked() {
    stores.workers().heartbeat(aWorker("w", 0));
    stores.letPass().accept(SHORT);

    assertThat(liveIds(HOUR)).containsExactly("w");
  }

  @Test
  void aRemovedWorkerIsGone() {
    stores.workers().heartbeat(aWorker("one", 0));
    stores.workers().heartbeat(aWorker("two", 0));

    stores.workers().remove("one");
    stores.workers().remove("never there");

    assertThat(liveIds(HOUR)).containsExactly("two");
  }

  @Test
  void workersAreSortedByIdAndToldApartByEveryCharacter() {
    List<String> ids = List.of("b", "B", "a", "a ", "10", "9");
    ids.forEach(id -> stores.workers().heartbeat(aWorker(id, 0)));

    assertThat(liveIds(HOUR)).isEqualTo(ids.stream().sorted().toList());
  }

  @Test
  void typesAreRememberedForGood() {
    stores.workers().heartbeat(offering("one", Set.of("echo", "http")));
    stores.workers().heartbeat(offering("two", Set.of("echo", "Echo")));
    stores.workers().heartbeat(offering("one", Set.of("sleep")));
    stores.workers().remove("one");
    stores.workers().remove("two");

    assertThat(stores.workers().types()).containsExactlyInAnyOrder("echo", "Echo", "http", "sleep");
  }

  @Test
  void typesThatWereNotOfferedForAWhileAreForgottenAndMayComeAgain() {
    stores.workers().heartbeat(offering("one", Set.of("echo", "Echo")));
    Map<String, @Nullable String> described = new HashMap<>();
    described.put("http", "true");
    stores.workers().describe(described);
    stores.workers().forgetTypes(HOUR);
    assertThat(stores.workers().types()).containsExactlyInAnyOrder("echo", "Echo", "http");

    stores.letPass().accept(SHORT.plusMillis(50));
    long begun;
    do { // again when this machine stood still for so long that this one is forgotten too
      begun = System.nanoTime();
      stores.workers().heartbeat(offering("one", Set.of("sleep")));
      stores.workers().forgetTypes(SHORT);
    } while (stores.workers().types().isEmpty() && System.nanoTime() - begun >= SHORT.toNanos());

    assertThat(stores.workers().types()).containsExactly("sleep");
    assertThat(stores.workers().schemas()).isEmpty();
    stores.workers().describe(described);
    assertThat(stores.workers().types()).containsExactlyInAnyOrder("sleep", "http");
  }

  @Test
  void schemasAreKeptByTypeUntilAnotherIsGiven() {
    Map<String, @Nullable String> first = new HashMap<>();
    first.put("add", "{\"title\": \"Ünï '\\\" \\\\ % 🎉\"}");
    first.put("Add", "true");
    first.put("any", null);
    stores.workers().describe(first);
    stores.workers().heartbeat(aWorker("w", 0));

    assertThat(stores.workers().schemas())
        .containsOnly(
            Map.entry("add", "{\"title\": \"Ünï '\\\" \\\\ % 🎉\"}"), Map.entry("Add", "true"));
    assertThat(stores.workers().types()).contains("add", "Add", "any");

    Map<String, @Nullable String> second = new HashMap<>();
    second.put("Add", null);
    second.put("any", "{\"maxLength\": 1}".repeat(3_000));
    stores.workers().describe(second);

    assertThat(stores.workers().schemas())
        .containsOnlyKeys("add", "any")
        .containsEntry("any", "{\"maxLength\": 1}".repeat(3_000));
  }

  @Test
  void manyWorkersCanComeAtOnce() throws InterruptedException {
    List<String> ids = IntStream.range(0, 8).mapToObj(i -> "w" + i).toList();
    atOnce(
        ids.stream()
            .map(
                id ->
                    (Callable<Boolean>)
                        () -> {
                          for (int i = 0; i < 10; i++) {
                            stores.workers().heartbeat(aWorker(id, i));
                          }
                          return true;
                        })
            .toList());

    assertThat(stores.workers().live(HOUR)).extracting(WorkerInfo::busy).containsOnly(9);
    assertThat(liveIds(HOUR)).isEqualTo(ids);
  }

  private AttemptSnapshot running(int number, @Nullable Progress progress) {
    return new AttemptSnapshot(
        new AttemptId(jobs.anId(), number + 1), "echo", jobs.now(), progress);
  }

  private List<String> liveIds(Duration within) {
    return stores.workers().live(within).stream().map(WorkerInfo::id).toList();
  }

  private static WorkerInfo aWorker(String id, int busy) {
    return new WorkerInfo(
        id,
        "host",
        1,
        Set.of(),
        Set.of("echo", "http"),
        10,
        busy,
        List.of(),
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static WorkerInfo offering(String id, Set<String> types) {
    return new WorkerInfo(
        id, "host", 1, Set.of(), types, 10, 0, List.of(), Instant.EPOCH, Instant.EPOCH);
  }
}
