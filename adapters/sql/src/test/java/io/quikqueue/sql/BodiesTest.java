package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.Submission;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long texts on SQLite, which must not be written again with each change of a job's state. */
class BodiesTest {

  private static final String LONG = "\"" + "x".repeat(4_000) + "\"";
  private static final String OTHER = "\"" + "y".repeat(4_000) + "\"";

  private final Jobs jobs = new Jobs();
  private final DatabaseConfig config = TestDatabase.SQLITE.empty();
  private final SqlStores stores = TestDatabase.open(config);

  @AfterEach
  void close() {
    stores.close();
  }

  @Test
  void theRowOfAJobStaysShort() throws SQLException {
    done(LONG, OTHER);

    assertThat(query("SELECT LENGTH(payload) + LENGTH(result) FROM jobs")).isZero();
    assertThat(query("SELECT SUM(LENGTH(body)) FROM bodies")).isEqualTo(2 * LONG.length());
  }

  @Test
  void aResultThatIsThePayloadIsNotWrittenAgain() throws SQLException {
    done(LONG, LONG);

    assertThat(query("SELECT LENGTH(payload) + LENGTH(result) FROM jobs")).isZero();
    assertThat(query("SELECT SUM(LENGTH(body)) FROM bodies")).isEqualTo(LONG.length());
  }

  @Test
  void aLongPayloadInTheRowOfItsJobIsAResultToo() throws SQLException {
    Job job = done(LONG, LONG);
    update(
        "UPDATE jobs SET payload = (SELECT body FROM bodies WHERE job_id = jobs.id AND kind = 0)");
    update("DELETE FROM bodies");

    assertThat(stores.jobs().find(List.of(job.id()))).containsValue(job);
  }

  @Test
  void shortTextsStayInTheRow() throws SQLException {
    done("[1]", "[2]");

    assertThat(query("SELECT LENGTH(payload) + LENGTH(result) FROM jobs")).isEqualTo(6);
    assertThat(query("SELECT COUNT(*) FROM bodies")).isZero();
  }

  @Test
  void theyGoWithTheirJob() throws SQLException {
    Job kept = done(LONG, OTHER);
    stores.jobs().prune(kept.updatedAt().minus(Duration.ofDays(1)), 10);
    assertThat(query("SELECT COUNT(*) FROM bodies")).isEqualTo(2);

    assertThat(stores.jobs().prune(kept.updatedAt().plus(Duration.ofDays(1)), 10)).isOne();

    assertThat(query("SELECT COUNT(*) FROM bodies")).isZero();
  }

  @Test
  void aRefusedChangeLeavesNone() throws SQLException {
    Job job = jobs.aJob().payload(LONG).queued();
    stores.jobs().submit(List.of(new Submission(job, null)));
    Transition cancelled = job.cancel(jobs.now());
    stores.jobs().save(List.of(cancelled));

    Transition late = job.succeed(LONG, null, jobs.now()).by("w");
    assertThat(stores.jobs().save(List.of(late)).applied()).isEmpty();

    assertThat(query("SELECT COUNT(*) FROM bodies")).isOne();
    assertThat(stores.jobs().find(List.of(job.id()))).containsValue(cancelled.after());
  }

  private Job done(String payload, String result) {
    Job job = jobs.aJob().payload(payload).queued();
    stores.jobs().submit(List.of(new Submission(job, null)));
    Transition done = job.succeed(result, null, jobs.now()).by("w");
    stores.jobs().save(List.of(done));
    assertThat(stores.jobs().find(List.of(job.id()))).containsValue(done.after());
    return done.after();
  }

  private void update(String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private int query(String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
