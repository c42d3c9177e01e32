package io.quikqueue.kafka;

import io.quikqueue.contracts.JobStreamContract;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.StreamRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

final class KafkaJobStreamContractTest extends JobStreamContract {

  private final KafkaConfig config = Fixtures.config();
  private final Recorded recorded = new Recorded();
  private final KafkaJobStream stream = new KafkaJobStream(config);
  private final KafkaDispatcher dispatcher = new KafkaDispatcher(config, recorded, 1000);

  @Override
  protected JobStream empty() {
    dispatcher.start();
    return stream;
  }

  @Override
  protected List<Job> dispatched() {
    return recorded.jobs();
  }

  @Override
  protected List<StreamRecord.Position> positions() {
    return recorded.announced().stream().map(StreamRecord::position).toList();
  }

  @AfterEach
  void stop() {
    dispatcher.stop(Duration.ofSeconds(10));
    stream.close();
  }
}
