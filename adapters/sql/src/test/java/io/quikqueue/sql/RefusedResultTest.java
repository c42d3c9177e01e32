package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that MySQL does not hold are refused, and are not taken for a server that is away. */
class RefusedResultTest {

  private final Jobs jobs = new Jobs();

  @ParameterizedTest
  @ValueSource(ints = {17 << 20, 40 << 20})
  void aResultThatIsTooLargeForMySqlIsReported(int length) {
    try (SqlStores stores = TestDatabase.open(TestDatabase.MARIADB.empty())) {
      Job large = jobs.aQueuedJob();
      Job small = jobs.aQueuedJob();
      stores.jobs().submit(List.of(new Submission(large, null), new Submission(small, null)));
      String result = "\"" + "x".repeat(length) + "\"";
      Transition refused = large.succeed(result, null, jobs.now()).by("w");
      Transition taken = small.succeed("1", null, jobs.now()).by("w");

      SaveResult saved = stores.jobs().save(List.of(refused, taken));

      assertThat(saved.applied()).containsExactly(small.attemptId());
      assertThat(saved.refused()).containsOnlyKeys(large.attemptId());
      assertThat(stores.jobs().find(List.of(large.id())).get(large.id())).isEqualTo(large);
    }
  }
}
