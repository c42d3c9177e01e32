package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InMemoryJobStreamTest extends JobStreamContract {

  private final InMemoryJobStream fake = new InMemoryJobStream();
  private final List<StreamRecord> dispatched = new ArrayList<>();

  @Override
  protected JobStream empty() {
    return fake;
  }

  @Override
  protected List<Job> dispatched() {
    dispatched.addAll(fake.poll(100));
    return StreamRecords.jobs(dispatched);
  }

  @Override
  protected List<StreamRecord.Position> positions() {
    return dispatched.stream().map(StreamRecord::position).toList();
  }

  @Test
  void canBeSwitchedOff() {
    fake.setAvailable(false);

    assertThatThrownBy(() -> fake.announce(List.of())).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(fake::lag).isInstanceOf(UnavailableException.class);
  }
}
