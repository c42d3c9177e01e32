package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.Submission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Short and long results side by side in one batch: none may be cut to another's length. */
class LongTextsTest {

  private final Jobs jobs = new Jobs();

  @ParameterizedTest
  @EnumSource
  void resultsOfAllLengthsAreKeptInOneBatch(TestDatabase database) {
    try (SqlStores stores = TestDatabase.open(database.empty())) {
      List<Transition> changes = new ArrayList<>();
      Map<JobId, Job> expected = new HashMap<>();
      for (int length :
          new int[] {
            0, 1, 255, 256, 511, 512, 513, 1300, 3999, 4000, 4001, 15_996, 15_998, 16_000, 16_383,
            16_384, 65_535, 65_536, 65_537, 262_144, 1_000_000
          }) {
        for (String text : List.of("x", "漢", "🎉")) {
          Job before = jobs.aQueuedJob();
          String result = text.repeat(length / text.length());
          Transition done = before.succeed(result, text, jobs.now()).by("w");
          changes.add(done);
          expected.put(before.id(), done.after());
        }
      }
      stores
          .jobs()
          .submit(changes.stream().map(each -> new Submission(each.before(), null)).toList());

      assertThat(stores.jobs().save(changes).applied()).hasSameSizeAs(changes);

      assertThat(stores.jobs().find(expected.keySet())).isEqualTo(expected);
    }
  }
}
