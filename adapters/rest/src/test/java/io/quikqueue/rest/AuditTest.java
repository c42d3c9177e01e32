package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.rest.Http.Answer;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The audit log as it is read. */
@Timeout(600)
class AuditTest extends RunningApi {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final String[] LINES = {"accept", "application/x-ndjson"};

  private final List<AuditRecord> records = new ArrayList<>(); // newest first
  private Instant now = START;

  AuditTest() {
    super(ApiUnderTest.class);
  }

  @BeforeEach
  void clear() {
    records.clear();
  }

  private void add(int count) {
    JobIds ids = new JobIds(() -> now, new Random(36));
    List<AuditRecord> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      now = now.plusSeconds(1);
      AuditRecord begun =
          AuditRecord.begun(
              ids.next(),
              i % 2 == 0 ? AuditKind.CHANGE : AuditKind.JOB,
              "key:" + i % 3,
              "192.0.2.1",
              "act" + i % 5,
              i % 7 == 0 ? null : "t ä" + i % 7);
      added.add(i % 11 == 0 ? begun : begun.finished(200, null));
    }
    api.auditLog.append(added);
    added.forEach(records::addFirst);
  }

  private static List<String> ids(JsonNode page) {
    return page.path("records").findValuesAsText("id");
  }

  private List<String> ids(List<AuditRecord> of) {
    return of.stream().map(each -> each.id().toString()).toList();
  }

  private static List<String> lineIds(Answer export) {
    return export
        .text()
        .lines()
        .map(
            line -> {
              try {
                return Http.JSON.readTree(line).path("id").asText();
              } catch (JsonProcessingException e) {
                throw new AssertionError(line, e);
              }
            })
        .toList();
  }

  @Test
  void recordsAreShownAsTheyAre() {
    add(2);

    JsonNode page = http.get("/v1/audit").json();

    assertThat(page.path("next").isNull()).isTrue();
    assertThat(page.at("/records/0").toString())
        .isEqualTo(
            "{\"id\":\"%s\",\"at\":\"2026-03-01T10:00:02Z\",\"kind\":\"job\",\"caller\":\"key:1\",\"address\":\"192.0.2.1\",\"action\":\"act1\",\"target\":\"t ä1\",\"status\":200,\"reason\":null,\"requests\":1}"
                .formatted(records.getFirst().id()));
    assertThat(page.at("/records/1/target").isNull()).isTrue();
    assertThat(page.at("/records/1/status").isNull()).isTrue();
  }

  @Test
  void pagesGoOnToTheOldest() {
    add(45);

    List<String> read = new ArrayList<>();
    String query = "?limit=20";
    List<Integer> sizes = new ArrayList<>();
    for (@Nullable String next = ""; next != null; ) {
      JsonNode page = http.get("/v1/audit" + query).json();
      read.addAll(ids(page));
      sizes.add(page.path("records").size());
      next = page.path("next").textValue();
      query = "?limit=20&after=" + next;
    }

    assertThat(sizes).containsExactly(20, 20, 5);
    assertThat(read).isEqualTo(ids(records));
  }

  @Test
  void filtersGoTogetherInPagesAndLines() {
    add(300);
    String filter =
        "?kind=change&caller=key:1&action=act3&target=t%20%C3%A46&from=2026-03-01T10:00:10Z"
            + "&until=2026-03-01T11:04:59%2B01:00";
    List<AuditRecord> expected =
        records.stream()
            .filter(each -> each.kind() == AuditKind.CHANGE && each.caller().equals("key:1"))
            .filter(each -> each.action().equals("act3") && "t ä6".equals(each.target()))
            .filter(each -> !each.at().isBefore(START.plusSeconds(10)))
            .filter(each -> each.at().isBefore(START.plusSeconds(299)))
            .toList();

    assertThat(expected).isNotEmpty();
    assertThat(ids(http.get("/v1/audit" + filter).json())).isEqualTo(ids(expected));
    assertThat(lineIds(http.get("/v1/audit" + filter, LINES))).isEqualTo(ids(expected));
  }

  @Test
  void whatCannotBeAskedForIsRefused() {
    for (String query :
        List.of(
            "kind=changes",
            "kind=CHANGE",
            "caller=",
            "action=a%20b",
            "action=%C3%A4",
            "action=",
            "from=yesterday",
            "from=1969-12-31T23:59:59Z",
            "until=10000-01-01T00:00:00Z",
            "until=%2B999999999-12-31T23:59:59Z",
            "after=1",
            "limit=0",
            "limit=501",
            "caller=a&caller=b",
            "sort=id")) {
      ApiTest.assertProblem(http.get("/v1/audit?" + query), 400, "invalid-parameter");
      ApiTest.assertProblem(http.get("/v1/audit?" + query, LINES), 400, "invalid-parameter");
    }
  }

  @Test
  void textsAreAsLongAsRecordsHaveThem() {
    String longest = "x".repeat(AuditRecord.MOST_CHARS);

    for (String name : new String[] {"caller", "target"}) {
      assertThat(http.get("/v1/audit?" + name + "=" + longest).status()).isEqualTo(200);
      ApiTest.assertProblem(
          http.get("/v1/audit?" + name + "=" + longest + "x"), 400, "invalid-parameter");
    }
    String word = "x".repeat(AuditRecord.MOST_WORD_CHARS);
    assertThat(http.get("/v1/audit?action=" + word).status()).isEqualTo(200);
    assertThat(http.get("/v1/audit?action=x" + word).status()).isEqualTo(400);
    ApiTest.assertProblem(http.get("/v1/audit?limit=5", LINES), 400, "invalid-parameter");
  }

  @Test
  void allIsSentAsLinesWhateverItsNumber() {
    add(3 * AuditExport.AT_ONCE + 1);

    Answer export = http.get("/v1/audit", LINES);

    assertThat(export.status()).isEqualTo(200);
    assertThat(export.header("content-type")).isEqualTo("application/x-ndjson");
    assertThat(export.header("cache-control")).isEqualTo("no-store");
    assertThat(lineIds(export)).isEqualTo(ids(records));
    assertThat(export.text()).endsWith("}\n");
    String last = records.get(1000).id().toString();
    assertThat(lineIds(http.get("/v1/audit?after=" + last, LINES)))
        .isEqualTo(ids(records.subList(1001, records.size())));
  }

  @Test
  void anEmptyLogHasNoLines() {
    Answer export = http.get("/v1/audit", LINES);

    assertThat(export.status()).isEqualTo(200);
    assertThat(export.text()).isEmpty();
  }

  @Test
  void pagesAreWhatIsSentUnlessLinesAreAskedFor() {
    for (String accept : new String[] {"*/*", "application/json", "application/*"}) {
      assertThat(http.get("/v1/audit", "accept", accept).header("content-type"))
          .startsWith("application/json");
    }
    assertThat(http.get("/v1/audit", "accept", "text/csv").status()).isEqualTo(406);
  }

  @Test
  void anExportThatCannotGoOnBreaksOff() {
    add(AuditExport.AT_ONCE + 1);
    api.flakyAudit.afterNext("list", api.flakyAudit::down);

    assertThatThrownBy(() -> http.get("/v1/audit", LINES)).isInstanceOf(UncheckedIOException.class);

    api.flakyAudit.up();
    assertThat(lineIds(http.get("/v1/audit", LINES))).hasSize(AuditExport.AT_ONCE + 1);
  }

  @Test
  void anExportThatCannotBeginIsAnsweredAsOthersAre() {
    api.flakyAudit.down();

    ApiTest.assertProblem(http.get("/v1/audit", LINES), 503, "unavailable");
    ApiTest.assertProblem(http.get("/v1/audit"), 503, "unavailable");
  }

  @Test
  void fewExportsAreSentAtOnce() {
    add(1);
    AtomicReference<Answer> second = new AtomicReference<>();
    AtomicReference<Answer> third = new AtomicReference<>();
    api.flakyAudit.beforeNext(
        "list",
        () -> {
          api.flakyAudit.beforeNext("list", () -> third.set(http.get("/v1/audit", LINES)));
          second.set(http.get("/v1/audit", LINES));
        });

    Answer first = http.get("/v1/audit", LINES);

    assertThat(lineIds(first)).hasSize(1);
    assertThat(lineIds(second.get())).hasSize(1);
    ApiTest.assertProblem(third.get(), 503, "overloaded");
    assertThat(http.get("/v1/audit", LINES).status()).isEqualTo(200);
  }

  @Test
  void whatThisProcessHasDoneIsThereAtOnce() {
    http.post("/v1/queues/mails/pause", "{}");

    await().until(() -> http.get("/v1/audit").json().at("/records/0/status").intValue() == 200);
    JsonNode found = http.get("/v1/audit").json();
    assertThat(found.path("records").findValuesAsText("action")).containsExactly("pauseQueue");
    assertThat(found.at("/records/0/caller").textValue()).isEqualTo("anonymous");
  }

  @Test
  void refusalsAreThereWhenTheMinuteIsOver() {
    http.post(
        "/v1/auth/login", "{\"email\":\"a@example.com\",\"password\":\"wrong horse battery\"}");
    assertThat(http.get("/v1/audit").json().path("records")).isEmpty();

    api.audit.trail().close(); // writes what waits

    JsonNode found = http.get("/v1/audit").json();
    assertThat(found.path("records").findValuesAsText("action")).containsExactly("login");
    assertThat(found.at("/records/0/reason").textValue()).isEqualTo("wrong_credentials");
  }

  @Test
  void nothingChangesARecord() {
    add(1);
    for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
      String path = "/v1/audit/" + records.getFirst().id();
      assertThat(send(method, "/v1/audit").status()).isEqualTo(405);
      assertThat(send(method, path).status()).isEqualTo(404);
    }
    assertThat(ids(http.get("/v1/audit").json())).isEqualTo(ids(records));
  }

  private Answer send(String method, String path) {
    return http.send(method, path, BodyPublishers.noBody());
  }
}
