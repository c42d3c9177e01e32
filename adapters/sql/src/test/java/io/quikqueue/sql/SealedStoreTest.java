package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.NewWorkflows;
import io.quikqueue.contracts.ToyCipher;
import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobSteps.Answer;
import io.quikqueue.domain.port.LogLine;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.UnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an encrypted database holds of payloads, results and logs, long and short. */
class SealedStoreTest {

  private static final String SHORT = "{\"a\":\"hidden\"}";
  private static final String LONG = "{\"a\":\"" + "hidden".repeat(1_000) + "\"}";

  private final Jobs jobs = new Jobs();

  @ParameterizedTest
  @EnumSource
  void noTableHasTheTextsAndWhoReadsJobsGetsThem(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty().encrypted(new ToyCipher());
    try (SqlStores stores = TestDatabase.open(config)) {
      for (String text : List.of(SHORT, LONG)) {
        Job job = jobs.aJob().payload(text).queued();
        stores.jobs().submit(List.of(new Submission(job, null)));
        assertThat(found(stores, job).spec().payload()).isEqualTo(text);
        assertThat(stores.active().scan(JobState.QUEUED, null, Set.of(), 10))
            .extracting(each -> each.spec().payload())
            .contains(text);
        Job running = job.start(jobs.now()).after();
        stores.jobs().save(List.of(job.start(jobs.now())));
        stores.logs().append(List.of(LogLine.of(job.attemptId(), jobs.now(), "hidden line")));
        assertThat(stores.logs().lines(job.id(), 0, 10).getFirst().text()).isEqualTo("hidden line");

        signalsAndSteps(stores, running, text);

        stores.jobs().save(List.of(running.succeed(text, null, jobs.now())));

        assertThat(found(stores, job).result()).isEqualTo(text);
        assertThat(found(stores, job).spec().payload()).isEqualTo(text);
      }
    }
    assertThat(texts(config)).isNotEmpty().noneMatch(text -> text.contains("hidden"));
  }

  private void signalsAndSteps(SqlStores stores, Job running, String text) {
    JobId id = running.id();
    Instant now = jobs.now();
    stores.steps().keep(running.attemptId(), JobStep.result("kept", 1, now, text));
    for (String name : List.of("taken", "waits")) {
      stores.signals().send(new Signal(id, name, "k", null, text, now), UnaryOperator.identity());
    }
    JobStep wait = JobStep.wait("told", 1, now, now.plusSeconds(60), "taken");
    assertThat(stores.steps().await(running.attemptId(), wait))
        .isEqualTo(new Answer.Kept(wait.received(1, text)));
    assertThat(stores.steps().steps(id)).extracting(JobStep::value).containsOnly(text);
    assertThat(stores.steps().keep(running.attemptId(), JobStep.result("kept", 1, now, "1")))
        .isEqualTo(new Answer.Kept(JobStep.result("kept", 1, now, text)));
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheKeyStepsStayClosedAndSignalsWhereTheyAre(TestDatabase database) {
    DatabaseConfig config = database.empty();
    Job job = jobs.aJob().payload(SHORT).queued();
    Instant now = jobs.now();
    JobStep wait = JobStep.wait("told", 1, now, now.plusSeconds(60), "go");
    try (SqlStores stores = TestDatabase.open(config.encrypted(new ToyCipher()))) {
      stores.jobs().submit(List.of(new Submission(job, null)));
      stores.steps().keep(job.attemptId(), JobStep.result("kept", 1, now, SHORT));
      Signal go = new Signal(job.id(), "go", "k", null, SHORT, now);
      stores.signals().send(go, UnaryOperator.identity());
    }
    try (SqlStores stores = TestDatabase.open(config.encrypted(FieldCipher.NONE))) {
      assertThat(stores.steps().steps(job.id()))
          .extracting(step -> SealedText.isSealed(step.value()))
          .containsExactly(true);
      assertThatThrownBy(() -> stores.steps().await(job.attemptId(), wait))
          .isInstanceOf(UnavailableException.class);
    }
    try (SqlStores stores = TestDatabase.open(config.encrypted(new ToyCipher()))) {
      assertThat(stores.steps().await(job.attemptId(), wait))
          .isEqualTo(new Answer.Kept(wait.received(1, SHORT)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfBeforeAreReadAsTheyAreAndWithoutTheKeyTextsStayClosed(TestDatabase database) {
    DatabaseConfig config = database.empty();
    Job plain = jobs.aJob().payload(LONG).queued();
    Job sealed = jobs.aJob().payload(SHORT).queued();
    try (SqlStores stores = TestDatabase.open(config)) {
      stores.jobs().submit(List.of(new Submission(plain, null)));
    }
    try (SqlStores stores = TestDatabase.open(config.encrypted(new ToyCipher()))) {
      stores.jobs().submit(List.of(new Submission(sealed, null)));
      assertThat(found(stores, plain).spec().payload()).isEqualTo(LONG);
      Job running = plain.start(jobs.now()).after();
      stores.jobs().save(List.of(plain.start(jobs.now())));
      stores.jobs().save(List.of(running.succeed(LONG, null, jobs.now())));
      assertThat(found(stores, plain).result()).isEqualTo(LONG);
    }
    try (SqlStores stores = TestDatabase.open(config.encrypted(FieldCipher.NONE))) {
      JobSpec closed = found(stores, sealed).spec();
      assertThat(SealedText.isSealed(closed.payload())).isTrue();
      assertThat(SealedText.keyId(closed.payload())).isEqualTo("toy");
      assertThat(found(stores, plain).spec().payload()).isEqualTo(LONG);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheKeyTheResultOfANodeThatIsForItemsStaysClosed(TestDatabase database) {
    DatabaseConfig config = database.empty();
    NewWorkflow made =
        NewWorkflows.of(
            jobs,
            NewWorkflows.node("list"),
            NewWorkflows.forEach("each", "list.items", 10, "list"));
    try (SqlStores stores = TestDatabase.open(config.encrypted(new ToyCipher()))) {
      stores.workflows().submit(made);
      for (String result : List.of(SHORT, ForEach.result(0))) {
        Job job = found(stores, made.jobs().get(result.equals(SHORT) ? 0 : 1).job());
        stores.jobs().save(List.of(job.succeed(result, null, jobs.now())));
      }
      assertThat(stores.workflows().results(made.id(), List.of("each"), 100))
          .isEqualTo(new NodeResults(Map.of(), Map.of(), Map.of("each", 0)));
    }
    try (SqlStores stores = TestDatabase.open(config.encrypted(FieldCipher.NONE))) {
      NodeResults closed = stores.workflows().results(made.id(), List.of("each"), 1_000);
      assertThat(closed).isNotNull();
      assertThat(closed.lists()).isEmpty();
      assertThat(closed.texts().get("each"))
          .satisfies(text -> assertThat(SealedText.isSealed(text)).isTrue());
    }
  }

  private static Job found(SqlStores stores, Job job) {
    return stores.jobs().find(List.of(job.id())).get(job.id());
  }

  /** All texts of the tables that have such. */
  private static List<String> texts(DatabaseConfig config) throws SQLException {
    List<String> texts = new ArrayList<>();
    List<String> selects = new ArrayList<>(List.of("SELECT payload, result FROM jobs"));
    selects.add("SELECT line, line FROM job_logs");
    selects.add("SELECT value, value FROM job_steps WHERE value IS NOT NULL");
    selects.add("SELECT payload, payload FROM job_signals WHERE payload IS NOT NULL");
    if (!config.isServer()) {
      selects.add("SELECT body, body FROM bodies");
    }
    try (Connection connection = TestDatabase.connect(config)) {
      for (String select : selects) {
        try (ResultSet rows = connection.createStatement().executeQuery(select)) {
          while (rows.next()) {
            texts.add(new String(rows.getBytes(1), java.nio.charset.StandardCharsets.UTF_8));
            texts.add(new String(rows.getBytes(2), java.nio.charset.StandardCharsets.UTF_8));
          }
        }
      }
    }
    return texts;
  }
}
