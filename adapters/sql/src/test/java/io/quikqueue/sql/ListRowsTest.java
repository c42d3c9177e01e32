package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.port.Submission;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListRowsTest {

  private static final int OTHERS = 8_000;
  private static final JobQuery RARE =
      new JobQuery(null, null, null, Map.of("rare", "yes"), null, 50);

  private final Jobs jobs = new Jobs();
  private final Job rare = jobs.aJob().label("rare", "yes").queued();
  private DatabaseConfig config;
  private SqlStores stores;
  private Database database;
  private Connections connections;

  @BeforeEach
  void fill() {
    config = TestDatabase.SQLITE.empty();
    stores = TestDatabase.open(config);
    connections = config.dialect().connect(config, new MetricRegistry());
    database = new Database(config, connections);
    stores.jobs().submit(List.of(new Submission(rare, null)));
    for (int i = 0; i < OTHERS; i += 500) {
      stores
          .jobs()
          .submit(
              Stream.generate(() -> new Submission(jobs.aJob().label("rare", "no").queued(), null))
                  .limit(500)
                  .toList());
    }
  }

  @AfterEach
  void close() {
    connections.close();
    stores.close();
  }

  @Test
  void aRareLabelIsFoundOnTheFirstPage() {
    assertThat(page(RARE, () -> 0L).ids()).containsExactly(rare.id());
  }

  @Test
  void theSearchEndsWhenItsTimeIsUp() {
    LongSupplier late =
        new LongSupplier() {
          private long now;

          @Override
          public long getAsLong() {
            now += 1_000_000_000L;
            return now;
          }
        };

    ListRows.Page first = page(RARE, late);

    assertThat(first.ids()).isEmpty();
    assertThat(first.next()).isNotNull();
    JobQuery after = new JobQuery(null, null, null, RARE.labels(), first.next(), 50);
    assertThat(page(after, late).ids()).containsExactly(rare.id());
  }

  private ListRows.Page page(JobQuery query, LongSupplier nanos) {
    return new ListRows(database, nanos).page(query);
  }
}
