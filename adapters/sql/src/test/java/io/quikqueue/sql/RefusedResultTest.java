package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.Submission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
      Change refused = new Change(large, large.succeed(result, null, jobs.now()).job(), "w");
      Change taken = new Change(small, small.succeed("1", null, jobs.now()).job(), "w");
      Map<AttemptId, String> reasons = new HashMap<>();

      assertThat(stores.jobs().save(List.of(refused, taken), reasons::put))
          .containsExactly(small.attemptId());

      assertThat(reasons).containsOnlyKeys(large.attemptId());
      assertThat(stores.jobs().find(List.of(large.id())).get(large.id())).isEqualTo(large);
    }
  }
}
