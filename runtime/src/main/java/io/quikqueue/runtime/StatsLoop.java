package io.quikqueue.runtime;

import io.dropwizard.core.setup.Environment;
import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.stats.CountingMeter;
import io.quikqueue.domain.usecase.stats.RecordStats;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has stored what a process counts, while it runs and when it stops. */
public final class StatsLoop {

  private static final Logger LOG = LoggerFactory.getLogger(StatsLoop.class);

  private StatsLoop() {}

  /** To be joined when the store is: what is left is stored before that closes. */
  public static void join(
      Environment environment, CountingMeter meter, JobStats stats, InstantSource clock) {
    RecordStats record = new RecordStats(meter, stats, clock, ProcessId.next());
    environment.lifecycle().manage(Closing.of(() -> last(record)));
    environment.lifecycle().manage(new Loop("stats", record::record));
  }

  private static void last(RecordStats record) {
    try {
      record.record();
    } catch (UnavailableException e) {
      LOG.warn("event=stats_lost server={}", e.getMessage());
    }
  }
}
