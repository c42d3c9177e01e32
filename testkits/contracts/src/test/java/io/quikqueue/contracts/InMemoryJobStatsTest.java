package io.quikqueue.contracts;

import io.quikqueue.domain.port.JobStats;

class InMemoryJobStatsTest extends JobStatsContract {

  @Override
  protected JobStats open() {
    return new InMemoryJobStats();
  }
}
