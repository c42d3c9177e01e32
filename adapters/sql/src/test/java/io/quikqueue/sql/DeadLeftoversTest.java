package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.DeadGroup;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.Submission;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process of a version that knows no groups works beside this one during an upgrade. */
class DeadLeftoversTest {

  private final Jobs jobs = new Jobs();

  @ParameterizedTest
  @EnumSource
  void whatAnOlderVersionRetriedOrDeletedIsTakenOut(TestDatabase database) throws Exception {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      failed(stores);
      Job retried = failed(stores);
      execute(config, "DELETE FROM jobs WHERE id != x'" + hex(retried) + "'");
      Job stays = failed(stores);
      execute(config, "UPDATE jobs SET state = 3 WHERE id = x'" + hex(retried) + "'");
      assertThat(group(stores).count()).isEqualTo(3);
      assertThat(stores.dead().jobs(group(stores).id(), null, 10).jobs())
          .extracting(Job::id)
          .containsExactly(stays.id());

      stores.dead().clean(Instant.EPOCH, 2);
      stores.dead().clean(Instant.EPOCH, 2);

      assertThat(group(stores).count()).isEqualTo(1);
      assertThat(group(stores).sample()).isEqualTo(stays.id());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobThatAnOlderVersionRetriedIsCountedOnceWhenItFailsAgain(TestDatabase database)
      throws Exception {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      Job job = failed(stores);
      execute(config, "UPDATE jobs SET state = 3, finished_at = NULL, attempt = 2");
      Job queued = stores.jobs().find(List.of(job.id())).get(job.id());

      stores.jobs().save(List.of(queued.fail(new Failure("boom", true), 0, jobs.now())));

      assertThat(group(stores).count()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAnOutboxNothingIsToBePublished(TestDatabase database) {
    try (SqlStores stores = TestDatabase.open(database.empty().withoutOutbox())) {
      failed(stores);

      assertThat(stores.deadOutbox().unpublished(10)).isEmpty();
    }
  }

  private Job failed(SqlStores stores) {
    Job job = jobs.aQueuedJob();
    stores.jobs().submit(List.of(new Submission(job, null)));
    stores.jobs().save(List.of(job.fail(new Failure("boom", true), 0, jobs.now())));
    return job;
  }

  private static DeadGroup group(SqlStores stores) {
    List<DeadGroup> groups =
        stores.dead().groups(new DeadGroupQuery(null, null, null, null, 10)).groups();
    assertThat(groups).hasSize(1);
    return groups.getFirst();
  }

  private static String hex(Job job) {
    return HexFormat.of().formatHex(job.id().bytes());
  }

  private static void execute(DatabaseConfig config, String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
