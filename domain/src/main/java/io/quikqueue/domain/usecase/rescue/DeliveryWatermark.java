package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.port.JobStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells until when the stream has delivered what was announced, queue by queue, also of a queue
 * that is never empty: what it had announced at one sample has been dispatched by a later one. For
 * one thread; it remembers one sample per queue.
 */
final class DeliveryWatermark {

  private record Sample(Instant at, long announced) {}

  private final JobStream stream;
  private final Map<String, Sample> samples = new HashMap<>();

  DeliveryWatermark(JobStream stream) {
    this.stream = stream;
  }

  /**
   * The moment before which nothing announced is still on its way, for each queue where that is not
   * now.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the stream cannot be asked
   */
  Map<String, Instant> deliveredUntil(Instant now) {
    Map<String, JobStream.Progress> progress = stream.progress();
    samples.keySet().retainAll(progress.keySet());
    Map<String, Instant> until = new HashMap<>();
    progress.forEach(
        (queue, queues) -> {
          if (queues.lag() == 0) {
            samples.remove(queue);
            return;
          }
          Sample last = samples.get(queue);
          if (last == null) {
            samples.put(queue, new Sample(now, queues.announced()));
            until.put(queue, Instant.MIN);
          } else if (queues.dispatched() >= last.announced()
              || queues.announced() < last.announced()) { // less than before: its data was lost
            samples.put(queue, new Sample(now, queues.announced()));
            until.put(queue, last.at());
          } else {
            until.put(queue, Instant.MIN);
          }
        });
    return until;
  }
}
