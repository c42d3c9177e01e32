package io.quikqueue.domain.usecase.rescue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.Dependencies;
import io.quikqueue.domain.usecase.listen.JobListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReleaseForgottenTest {

  private final List<List<Job>> heard = new ArrayList<>();

  @Test
  void whatIsReleasedIsToldToTheListener() {
    List<Job> ready = new Jobs().queuedJobs(2);

    releasing(ready).release();

    assertThat(heard).containsExactly(ready);
  }

  @Test
  void nobodyHearsOfNothing() {
    releasing(List.of()).release();

    assertThat(heard).isEmpty();
  }

  private ReleaseForgotten releasing(List<Job> ready) {
    Dependencies dependencies =
        new Dependencies() {
          @Override
          public boolean holdsLine(JobId job) {
            return false;
          }

          @Override
          public Optional<JobId> needs(JobId waiting) {
            return Optional.empty();
          }

          @Override
          public List<Job> releaseForgotten(int rows) {
            return ready;
          }
        };
    return new ReleaseForgotten(
        dependencies,
        new InMemoryStore(Instant::now).workflows(),
        JobListener.announcing(heard::add));
  }
}
