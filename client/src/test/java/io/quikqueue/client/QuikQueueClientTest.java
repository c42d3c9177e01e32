package io.quikqueue.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuikQueueClientTest {

  private static final String ID = "01930000-0000-7000-8000-000000000001";
  private static final String JOB =
      """
      {"id": "%s", "type": "echo", "queue": "default", "status": "%s", "attempt": 1, "payload": {},
       "result": null, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
      """;

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private HttpServer server;
  private QuikQueueClient client;

  private record Answer(int status, String body) {}

  private record Request(String line, String key, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
    client = QuikQueueClient.to("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void refusesAnAddressThatCannotBeOneBeforeTheFirstCall() {
    for (String address :
        List.of("localhost:8000", "nonsense", "", "ftp://a", "http://", "http://a b")) {
      assertThatThrownBy(() -> QuikQueueClient.to(address))
          .as(address)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the address must be like http://localhost:8000, was " + address);
    }
    assertThatCode(() -> QuikQueueClient.to("HTTPS://jobs.example/base/"))
        .doesNotThrowAnyException();
  }

  @Test
  void readsTheLogOfAJob() {
    answers.add(
        new Answer(
            200,
            """
            {"state": "RUNNING", "next": 8, "lines": [
              {"number": 8, "attempt": 2, "at": "2026-01-01T00:00:00Z", "text": "half"}]}\
            """));

    JobLog log = client.log(UUID.fromString(ID), 7, Duration.ofSeconds(1));

    assertThat(log.state()).isEqualTo(JobView.State.RUNNING);
    assertThat(log.next()).isEqualTo(8);
    assertThat(log.lines())
        .containsExactly(new JobLog.Line(8, 2, Instant.parse("2026-01-01T00:00:00Z"), "half"));
    assertThat(requests)
        .extracting(Request::line)
        .containsExactly("GET /v1/jobs/" + ID + "/logs?limit=1000&after=7&wait=1000ms");
  }

  @Test
  void readsAllGroupsOfFailedJobsAndMarksThem() {
    String group =
        """
        {"id": "%s", "type": "a", "error_class": null, "message": "no {n}", "status": "%s",
         "count": 3, "first_seen_at": "2026-01-01T00:00:00Z",
         "last_seen_at": "2026-01-02T00:00:00Z", "sample_job_id": "%s", "note": null, "by": null}
        """;
    String page = "{\"groups\": [%s], \"next\": %s}";
    answers.add(new Answer(200, page.formatted(group.formatted("g1", "open", ID), "\"g1\"")));
    answers.add(new Answer(200, page.formatted(group.formatted("g2", "ignored", ID), "null")));
    answers.add(new Answer(200, group.formatted("g1", "resolved", ID)));
    answers.add(new Answer(404, "{}"));

    assertThat(client.dead().groups())
        .extracting(DeadGroup::id, DeadGroup::status, DeadGroup::count, DeadGroup::sample)
        .containsExactly(
            tuple("g1", DeadGroup.Status.OPEN, 3L, UUID.fromString(ID)),
            tuple("g2", DeadGroup.Status.IGNORED, 3L, UUID.fromString(ID)));
    assertThat(client.dead().resolve("g1", "mended").status()).isEqualTo(DeadGroup.Status.RESOLVED);
    assertThat(client.dead().group("g3")).isEmpty();

    assertThat(requests)
        .extracting(Request::line)
        .containsExactly(
            "GET /v1/dead?limit=500",
            "GET /v1/dead?limit=500&after=g1",
            "POST /v1/dead/g1/resolve",
            "GET /v1/dead/g3?limit=1");
    assertThat(requests.get(2).body()).isEqualTo("{\"note\":\"mended\"}");
  }

  @Test
  void beginsOperationsAndFollowsThem() {
    String operation =
        """
        {"id": "%s", "action": "retry", "state": "%s", "seen": 10, "changed": 7, "skipped": 2,
         "failed": 1, "complete": false}
        """;
    answers.add(new Answer(202, operation.formatted(ID, "running")));
    answers.add(new Answer(200, operation.formatted(ID, "aborted")));
    answers.add(new Answer(404, "{}"));

    OperationView begun =
        client
            .operations()
            .begin(
                NewOperation.retry()
                    .state(JobView.State.FAILED)
                    .label("a", "b")
                    .label("c", "d")
                    .rate(5));
    assertThat(begun.state()).isEqualTo(OperationView.State.RUNNING);
    assertThat(begun.changed()).isEqualTo(7);
    assertThat(client.operations().abort(begun.id()).state())
        .isEqualTo(OperationView.State.ABORTED);
    assertThat(client.operations().find(begun.id())).isEmpty();

    assertThat(requests)
        .extracting(Request::line)
        .containsExactly(
            "POST /v1/operations",
            "POST /v1/operations/" + ID + "/abort",
            "GET /v1/operations/" + ID);
    assertThat(requests.get(0).body())
        .isEqualTo(
            "{\"action\":\"retry\",\"rate\":5,"
                + "\"filter\":{\"state\":\"FAILED\",\"label\":[\"a:b\",\"c:d\"]}}");
  }

  @Test
  void setsShowsAndDeletesPolicies() {
    String shown =
        """
        {"timeout": "90s", "retry": {"max_attempts": 8}, "declared": false, "changed_by": "me",
          "changed_at": "2026-01-01T00:00:30Z"}
        """;
    answers.add(new Answer(201, shown));
    answers.add(new Answer(200, shown));
    answers.add(new Answer(404, "{}"));
    answers.add(new Answer(204, ""));
    answers.add(new Answer(404, "{}"));

    NewPolicy policy =
        NewPolicy.none()
            .timeout(Duration.ofSeconds(90))
            .maxAttempts(8)
            .delays(List.of(Duration.ofSeconds(5)))
            .maxElapsed(Duration.ofDays(1))
            .maxCrashes(2);
    assertThat(client.policies().putType("report", policy).changedBy()).isEqualTo("me");
    PolicyView found = client.policies().ofQueue("mails").orElseThrow();
    assertThat(found.json().at("/retry/max_attempts").intValue()).isEqualTo(8);
    assertThat(found.declared()).isFalse();
    assertThat(client.policies().ofType("a b/c")).isEmpty();
    assertThat(client.policies().deleteType("report")).isTrue();
    assertThat(client.policies().deleteQueue("mails")).isFalse();

    assertThat(requests)
        .extracting(Request::line)
        .containsExactly(
            "PUT /v1/types/report/policy",
            "GET /v1/queues/mails/policy",
            "GET /v1/types/a%20b%2Fc/policy",
            "DELETE /v1/types/report/policy",
            "DELETE /v1/queues/mails/policy");
    assertThat(requests.get(0).body())
        .isEqualTo(
            "{\"timeout\":\"PT1M30S\",\"retry\":{\"max_attempts\":8,\"delays\":[\"PT5S\"],"
                + "\"max_elapsed\":\"PT24H\",\"max_crashes\":2}}");
  }

  @Test
  void aLeasedJobDoesItsStepsOnceSleepsAndWaitsForSignals() {
    String lease =
        """
        {"leases": [{"id": "L1", "job_id": "%s", "attempt": 2, "type": "resize", "payload": {},
          "expires_at": "2026-01-01T00:00:30Z"}]}
        """;
    String steps =
        "{\"steps\": [{\"name\": \"a b\", \"kind\": \"sleep\", \"value\": null},"
            + " {\"name\": \"kept\", \"kind\": \"result\", \"value\": 7}]}";
    answers.add(new Answer(200, lease.formatted(ID)));
    answers.add(new Answer(200, steps));
    answers.add(new Answer(200, steps));
    answers.add(new Answer(200, "{\"value\": {\"n\": 8}}"));
    answers.add(new Answer(200, "{\"value\": null}"));
    answers.add(new Answer(200, "{\"state\": \"SCHEDULED\"}"));
    answers.add(new Answer(200, "{\"value\": {\"by\": \"ann\"}}"));
    answers.add(new Answer(200, "{\"value\": null}"));
    answers.add(new Answer(200, "{\"state\": \"SCHEDULED\"}"));
    Leases leases = client.leases();
    LeasedJob job = leases.lease("q", LeaseRequest.of("w", "resize")).get(0);
    Duration second = Duration.ofSeconds(1);

    assertThat(leases.step(job, "kept", () -> 9).intValue()).isEqualTo(7);
    assertThat(leases.step(job, "a b", () -> Map.of("n", 8)).path("n").intValue()).isEqualTo(8);
    assertThat(leases.sleep(job, "nap", second)).isTrue();
    assertThat(leases.sleep(job, "nap", second)).isFalse();
    assertThat(leases.waitForSignal(job, "ok", "go", second).payload().path("by").textValue())
        .isEqualTo("ann");
    assertThat(leases.waitForSignal(job, "ok", "go", second))
        .isEqualTo(new Leases.Wait(false, null));
    assertThat(leases.waitForSignal(job, "ok", "go", second))
        .isEqualTo(new Leases.Wait(true, null));

    assertThat(requests.get(3).line()).isEqualTo("PUT /v1/jobs/" + ID + "/steps/a%20b");
    assertThat(requests.get(3).body()).isEqualTo("{\"lease\":\"L1\",\"value\":{\"n\":8}}");
    assertThat(requests.get(4).line()).isEqualTo("POST /v1/leases/L1/sleep");
    assertThat(requests.get(4).body()).contains("\"for\":\"PT1S\"", "\"name\":\"nap\"");
    assertThat(requests.get(6).line()).isEqualTo("POST /v1/leases/L1/wait");
  }

  @Test
  void aLeasedJobAddsNodesAndNoneWhereThereAreNone() {
    String lease =
        """
        {"leases": [{"id": "L1", "job_id": "%s", "attempt": 1, "type": "scan", "payload": {},
          "expires_at": "2026-01-01T00:00:30Z"}]}
        """;
    answers.add(new Answer(200, lease.formatted(ID)));
    answers.add(new Answer(200, "{\"state\": \"DONE\"}"));
    answers.add(new Answer(200, "{\"state\": \"DONE\"}"));
    Leases leases = client.leases();
    LeasedJob job = leases.lease("q", LeaseRequest.of("w", "scan")).get(0);

    leases.complete(
        job,
        2,
        "two",
        List.of(
            Workflow.Node.of("first", NewJob.of("resize", 1)),
            Workflow.Node.of("last", NewJob.of("resize", 2)).optional()));
    leases.complete(job, null, null, List.of());

    assertThat(requests.get(1).line()).isEqualTo("POST /v1/leases/L1/complete");
    assertThat(requests.get(1).body())
        .isEqualTo(
            "{\"result\":2,\"note\":\"two\",\"spawn\":["
                + "{\"name\":\"first\",\"type\":\"resize\",\"payload\":1},"
                + "{\"name\":\"last\",\"type\":\"resize\",\"payload\":2,\"optional\":true}]}");
    assertThat(requests.get(2).body()).isEqualTo("{}");
  }

  @Test
  void aJobThatWaitsIsGivenAnotherPriorityOrQueue() {
    String job = JOB.formatted(ID, "QUEUED");
    answers.add(new Answer(200, job));
    answers.add(new Answer(200, job));

    assertThat(client.setPriority(UUID.fromString(ID), 0).state()).isEqualTo(JobView.State.QUEUED);
    assertThat(client.moveTo(UUID.fromString(ID), "urgent").state())
        .isEqualTo(JobView.State.QUEUED);

    assertThat(requests).extracting(Request::line).containsOnly("PATCH /v1/jobs/" + ID);
    assertThat(requests)
        .extracting(Request::body)
        .containsExactly("{\"priority\":0}", "{\"queue\":\"urgent\"}");
  }

  @Test
  void aSignalGoesToAJobWithItsKey() {
    answers.add(
        new Answer(
            202, "{\"job_id\":\"%s\",\"state\":\"SCHEDULED\",\"repeated\":true}".formatted(ID)));

    SentSignal sent = client.signal(UUID.fromString(ID), "approve", Map.of("by", "ann"), "k1");

    assertThat(sent).isEqualTo(new SentSignal(false, true));
    assertThat(requests.get(0).line()).isEqualTo("POST /v1/jobs/" + ID + "/signals/approve");
    assertThat(requests.get(0).body()).isEqualTo("{\"payload\":{\"by\":\"ann\"}}");
  }

  @Test
  void setsSchedulesAndOperatesThem() {
    String fire =
        """
        {"scheduled_at": "2026-01-01T00:00:00Z", "actual_at": "2026-01-01T00:00:01Z", "kind": "%s",
         "outcome": "started", "job_id": "%s"}
        """;
    String schedule =
        """
        {"name": "nightly", "paused": %s, "note": null, "declared": false, "status":
         {"next": "2026-01-02T01:30:00Z", "started": 3, "missed": 1, "skipped": 2, "fires": [%s]}}
        """;
    answers.add(new Answer(201, schedule.formatted(false, "")));
    answers.add(new Answer(200, schedule.formatted(true, fire.formatted("scheduled", ID))));
    answers.add(new Answer(200, fire.formatted("triggered", ID)));
    answers.add(new Answer(200, "{\"fires\": [" + fire.formatted("backfilled", ID) + "]}"));
    answers.add(new Answer(200, "{\"times\": [{\"at\": \"2026-01-02T01:30:00Z\"}]}"));
    answers.add(new Answer(204, ""));
    answers.add(new Answer(404, "{}"));

    Schedules schedules = client.schedules();
    ScheduleView set =
        schedules.put(
            "nightly",
            NewSchedule.cron(NewJob.of("echo", 1).queue("q"), "30 2 * * *")
                .zone(ZoneId.of("Europe/Berlin"))
                .jitter(Duration.ofSeconds(5)));
    assertThat(set.next()).isEqualTo(Instant.parse("2026-01-02T01:30:00Z"));
    ScheduleView paused = schedules.pause("nightly", "why");
    assertThat(paused.paused()).isTrue();
    assertThat(paused.fires().get(0).job()).isEqualTo(UUID.fromString(ID));
    assertThat(schedules.trigger("nightly").kind()).isEqualTo("triggered");
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(schedules.backfill("nightly", from, from.plusSeconds(9))).hasSize(1);
    assertThat(schedules.preview("nightly")).containsExactly(set.next());
    schedules.delete("nightly");
    assertThat(schedules.find("nightly")).isEmpty();

    assertThat(requests)
        .extracting(Request::line)
        .containsExactly(
            "PUT /v1/schedules/nightly",
            "POST /v1/schedules/nightly/pause",
            "POST /v1/schedules/nightly/trigger",
            "POST /v1/schedules/nightly/backfill",
            "GET /v1/schedules/nightly/preview",
            "DELETE /v1/schedules/nightly",
            "GET /v1/schedules/nightly");
    assertThat(requests.get(0).body())
        .contains("\"cron\":[\"30 2 * * *\"]", "\"zone\":\"Europe/Berlin\"", "\"jitter\":\"PT5S\"")
        .contains("\"job\":{");
  }

  @Test
  void leasesJobsAndReportsWhatBecameOfThem() {
    String lease =
        """
        {"leases": [{"id": "L1", "job_id": "%s", "attempt": 2, "type": "resize", "payload": {"n": 1},
          "expires_at": "2026-01-01T00:00:30Z"}]}
        """;
    String over = "{\"id\": \"L1\", \"stop\": \"cancelled\", \"expires_at\": null}";
    answers.add(new Answer(200, lease.formatted(ID)));
    answers.add(new Answer(200, over.replace("\"cancelled\"", "null")));
    answers.add(new Answer(200, over));
    answers.add(new Answer(503, "{}"));
    answers.add(new Answer(200, "{\"state\": \"DONE\"}"));
    answers.add(new Answer(200, "{\"state\": \"RETRYING\"}"));
    answers.add(new Answer(409, "{\"stop\": \"lost\"}"));

    LeaseRequest request = LeaseRequest.of("w-1", "resize").max(5).patience(Duration.ofSeconds(2));
    LeasedJob job = client.leases().lease("images", request).get(0);
    assertThat(job.id()).isEqualTo(UUID.fromString(ID));
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(job.payload().path("n").asInt()).isEqualTo(1);
    assertThat(client.leases().heartbeat(job)).isEmpty();
    assertThat(client.leases().heartbeat(job)).contains("cancelled");
    client.leases().complete(job, Map.of("width", 64), null);
    assertThat(client.leases().fail(job, "no luck", false)).isEqualTo(JobView.State.RETRYING);
    assertThatThrownBy(() -> client.leases().release(job))
        .isInstanceOf(QuikQueueException.Conflict.class);

    assertThat(requests)
        .extracting(Request::line)
        .containsExactly(
            "POST /v1/queues/images/lease",
            "POST /v1/leases/L1/heartbeat",
            "POST /v1/leases/L1/heartbeat",
            "POST /v1/leases/L1/complete",
            "POST /v1/leases/L1/complete",
            "POST /v1/leases/L1/fail",
            "POST /v1/leases/L1/release");
    assertThat(requests.get(0).body())
        .isEqualTo(
            "{\"worker\":\"w-1\",\"types\":[\"resize\"],\"max\":5,\"wait\":\"2000ms\",\"lease\":\"30000ms\"}");
    assertThat(requests.get(3).body()).isEqualTo("{\"result\":{\"width\":64}}");
  }

  @Test
  void readsHowFarAJobIsAndItsStateByEitherName() {
    String running = JOB.formatted(ID, "RUNNING");
    String now = running.replace("\"status\"", "\"state\": \"RUNNING\", \"status\"");
    answers.add(new Answer(200, running));
    answers.add(new Answer(200, now.replace("{\"id", "{\"progress\": null, \"id")));
    answers.add(
        new Answer(
            200,
            now.replace("{\"id", "{\"progress\": {\"percent\": 40, \"message\": \"x\"}, \"id")));

    JobView old = client.find(UUID.fromString(ID)).orElseThrow();
    assertThat(old.state()).isEqualTo(JobView.State.RUNNING);
    assertThat(old.progress()).isNull();
    JobView silent = client.find(UUID.fromString(ID)).orElseThrow();
    assertThat(silent.state()).isEqualTo(JobView.State.RUNNING);
    assertThat(silent.progress()).isNull();
    assertThat(client.find(UUID.fromString(ID)).orElseThrow().progress())
        .isEqualTo(new JobView.Progress(40, "x"));
  }

  @Test
  void saysEverythingAboutAJobInItsSubmit() throws IOException {
    answers.add(new Answer(202, JOB.formatted(ID, "SCHEDULED")));
    UUID id =
        client.submit(
            NewJob.of("echo", Map.of("n", 1))
                .queue("emails")
                .priority(2)
                .group("tenant 7")
                .orderingKey("order 9")
                .holdsLineWhenFailed()
                .cost(3)
                .delay(Duration.ofSeconds(5))
                .timeout(Duration.ofSeconds(9))
                .maxAttempts(3)
                .backoff(Duration.ofSeconds(1), Duration.ofMinutes(1))
                .label("user", "42")
                .idempotencyKey("k-1"));
    assertThat(id).hasToString(ID);
    assertThat(requests.get(0).line()).isEqualTo("POST /v1/jobs");
    assertThat(requests.get(0).key()).isEqualTo("k-1");
    assertThat(new ObjectMapper().readTree(requests.get(0).body()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"type": "echo", "payload": {"n": 1}, "queue": "emails", "priority": 2, "delay": "PT5S",
                     "group": "tenant 7", "ordering_key": "order 9", "on_failed_head": "hold", "cost": 3,
                     "timeout": "PT9S", "labels": {"user": "42"},
                     "retry": {"max_attempts": 3, "backoff": "PT1S", "backoff_cap": "PT1M"}}
                    """));
  }

  @Test
  void saysWhatMakesAJobUnique() throws IOException {
    for (int i = 0; i < 3; i++) {
      answers.add(new Answer(202, JOB.formatted(ID, "QUEUED")));
    }
    client.submit(NewJob.of("echo", 1).unique());
    client.submit(
        NewJob.of("echo", 1)
            .uniqueKey("a")
            .uniqueWithinType()
            .uniqueStates(Set.of(JobView.State.QUEUED, JobView.State.DONE))
            .uniqueFor(Duration.ofHours(1))
            .unique()
            .onConflictReplace());
    client.submit(NewJob.of("echo", 1).debounce(Duration.ofSeconds(5), Duration.ofMinutes(1)));

    ObjectMapper json = new ObjectMapper();
    assertThat(requests)
        .extracting(request -> json.readTree(request.body()).path("unique").toString())
        .containsExactly(
            "{}",
            "{\"key\":\"a\",\"within\":\"type\",\"states\":[\"DONE\",\"QUEUED\"],\"for\":\"PT1H\","
                + "\"on_conflict\":\"replace\"}",
            "{\"on_conflict\":\"debounce\",\"debounce\":{\"wait\":\"PT5S\",\"max_wait\":\"PT1M\"}}");
  }

  @Test
  void namesTheJobThatHasTheUniqueKey() {
    answers.add(new Answer(409, "{\"title\": \"Taken\", \"job_id\": \"" + ID + "\"}"));
    assertThatThrownBy(() -> client.submit(NewJob.of("echo", 1).unique()))
        .isInstanceOfSatisfying(
            QuikQueueException.Conflict.class,
            conflict -> assertThat(conflict.problem().jobId()).hasToString(ID));
  }

  @Test
  void saysTheWaitsThatDoNotDouble() throws IOException {
    answers.add(new Answer(202, JOB.formatted(ID, "QUEUED")));
    answers.add(new Answer(202, JOB.formatted(ID, "QUEUED")));
    client.submit(NewJob.of("echo", 1).fixedDelay(Duration.ofSeconds(3)).jitter(0.1));
    client.submit(NewJob.of("echo", 1).delays(List.of(Duration.ZERO, Duration.ofHours(1))));

    ObjectMapper mapper = new ObjectMapper();
    assertThat(mapper.readTree(requests.get(0).body()).path("retry"))
        .isEqualTo(
            mapper.readTree("{\"kind\": \"fixed\", \"backoff\": \"PT3S\", \"jitter\": 0.1}"));
    assertThat(mapper.readTree(requests.get(1).body()).path("retry"))
        .isEqualTo(mapper.readTree("{\"kind\": \"list\", \"delays\": [\"PT0S\", \"PT1H\"]}"));
  }

  @Test
  void readsWhoseJobItIs() {
    String job = JOB.formatted(ID, "QUEUED");
    String whose = "{\"group\":\"g\",\"ordering_key\":\"k\",\"cost\":3,\"owner\":\"o\",";
    answers.add(new Answer(200, whose + job.strip().substring(1)));
    answers.add(new Answer(200, job));

    JobView said = client.find(UUID.fromString(ID)).orElseThrow();
    JobView unsaid = client.find(UUID.fromString(ID)).orElseThrow();

    assertThat(said.group()).isEqualTo("g");
    assertThat(said.orderingKey()).isEqualTo("k");
    assertThat(said.owner()).isEqualTo("o");
    assertThat(said.cost()).isEqualTo(3);
    assertThat(unsaid.group()).isNull();
    assertThat(unsaid.cost()).isOne();
  }

  @Test
  void repeatsASubmitWithAKeyWhenTheServerIsAway() {
    answers.add(new Answer(503, "{}"));
    answers.add(new Answer(202, JOB.formatted(ID, "QUEUED")));
    client.submit(NewJob.of("echo", Map.of()).idempotencyKey("k"));
    assertThat(requests).hasSize(2);
  }

  @Test
  void sendsASubmitWithoutAKeyOnce() {
    answers.add(new Answer(503, "{\"title\": \"Overloaded\", \"detail\": \"later\"}"));
    assertThatThrownBy(() -> client.submit(NewJob.of("echo", Map.of())))
        .isInstanceOf(QuikQueueException.Unavailable.class)
        .hasMessage("Overloaded: later");
    assertThat(requests).hasSize(1);
  }

  @Test
  void saysWhyThereIsNoAnswer() {
    NewJob job = NewJob.of("echo", Map.of());
    int port = server.getAddress().getPort();
    server.stop(0);
    assertThatThrownBy(() -> client.submit(job))
        .isInstanceOf(QuikQueueException.Unavailable.class)
        .hasMessageMatching(
            "no answer from http://127.0.0.1:" + port + ": (cannot connect|Connection refused)");
    // Too long for a name: no resolver is asked.
    String unknown = "http://" + "x".repeat(64) + ".invalid";
    assertThatThrownBy(() -> QuikQueueClient.to(unknown).submit(job))
        .isInstanceOf(QuikQueueException.Unavailable.class)
        .hasMessage("no answer from " + unknown + ": unknown host");
  }

  @Test
  void saysWhyAnAnswerBreaksOff() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new Thread(() -> closeTheFirst(silent)).start();
      assertThatThrownBy(
              () ->
                  QuikQueueClient.to("http://127.0.0.1:" + silent.getLocalPort())
                      .submit(NewJob.of("echo", Map.of())))
          .isInstanceOf(QuikQueueException.Unavailable.class)
          .hasMessageMatching("no answer from http://127.0.0.1:[0-9]+: (?!null).+");
    }
  }

  private static void closeTheFirst(ServerSocket server) {
    try {
      server.accept().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void namesTheFieldThatTheServerRefused() {
    answers.add(
        new Answer(422, "{\"title\": \"Invalid field\", \"detail\": \"no\", \"field\": \"type\"}"));
    assertThatThrownBy(() -> client.submit(NewJob.of("?", Map.of())))
        .isInstanceOfSatisfying(
            QuikQueueException.Refused.class,
            e -> assertThat(e.problem().field()).isEqualTo("type"));
  }

  @Test
  void findsNothingOrAJob() {
    answers.add(new Answer(404, "{}"));
    assertThat(client.find(UUID.fromString(ID))).isEmpty();
    answers.add(new Answer(200, JOB.formatted(ID, "DONE")));
    assertThat(client.find(UUID.fromString(ID)))
        .hasValueSatisfying(job -> assertThat(job.state()).isEqualTo(JobView.State.DONE));
  }

  @Test
  void pollsUntilTheJobIsOver() {
    answers.add(new Answer(202, JOB.formatted(ID, "RUNNING")));
    answers.add(new Answer(200, JOB.formatted(ID, "DONE")));
    answers.add(new Answer(200, JOB.formatted(ID, "DONE")));
    assertThat(client.await(UUID.fromString(ID), Duration.ofSeconds(30)).state())
        .isEqualTo(JobView.State.DONE);
    assertThat(requests.get(0).line()).startsWith("GET /results/" + ID + "?wait=");
  }

  @Test
  void tellsAConflictApart() {
    answers.add(new Answer(409, "{\"title\": \"Conflict\"}"));
    assertThatThrownBy(() -> client.cancel(UUID.fromString(ID)))
        .isInstanceOf(QuikQueueException.Conflict.class);
  }

  @Test
  void answersForEachJobOfABatch() {
    answers.add(
        new Answer(
            202,
            """
            {"items": [{"id": "%s", "status": "QUEUED"},
                       {"error": {"status": 422, "title": "Invalid field", "field": "type"}}]}
            """
                .formatted(ID)));
    List<Submitted> submitted = client.submitAll(List.of(NewJob.of("echo", 1), NewJob.of("?", 2)));
    assertThat(submitted.get(0).accepted()).isTrue();
    assertThat(submitted.get(1).problem().field()).isEqualTo("type");
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(
        new Request(
            exchange.getRequestMethod() + " " + exchange.getRequestURI(),
            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    Answer answer = answers.remove();
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void aJobSaysWhoIsToldOfItsEnd() {
    NewJob job = NewJob.of("echo", 1);

    assertThat(job.callback("http://a").fields())
        .containsEntry("callback", Map.of("url", "http://a"));
    assertThat(job.callback("http://a", Set.of(JobView.State.FAILED, JobView.State.DONE)).fields())
        .containsEntry("callback", Map.of("url", "http://a", "on", List.of("done", "failed")));
  }
}
