package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.port.JobStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells until when the stream has delivered what was announced, queue by queue, also of a queue
 * that is never empty: what it had announced at one look has been dispatched by a later one. For
 * one thread; it remembers one look per queue.
 */
final class OnTheWay {

  private record Look(Instant at, long announced) {}

  private final JobStream stream;
  private final Map<String, Look> looks = new HashMap<>();

  OnTheWay(JobStream stream) {
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
    looks.keySet().retainAll(progress.keySet());
    Map<String, Instant> until = new HashMap<>();
    progress.forEach(
        (queue, queues) -> {
          if (queues.lag() == 0) {
            looks.remove(queue);
            return;
          }
          Look look = looks.get(queue);
          if (look == null) {
            looks.put(queue, new Look(now, queues.announced()));
            until.put(queue, Instant.MIN);
          } else if (queues.dispatched() >= look.announced()
              || queues.announced() < look.announced()) { // less than before: its data was lost
            looks.put(queue, new Look(now, queues.announced()));
            until.put(queue, look.at());
          } else {
            until.put(queue, Instant.MIN);
          }
        });
    return until;
  }
}
