package io.quikqueue.acceptance;

import io.quikqueue.client.QuikQueueClient;
import java.nio.file.Path;

/** A running QuikQueue as its users see it. */
interface Deployment {

  /** Such as {@code http://127.0.0.1:8000}. */
  String address();

  /** The address of the admin port of one process: api, consumer, worker or scheduler. */
  String admin(String process);

  /** Where it keeps all that is in files: its data, and logs of its processes. */
  Path files();

  default QuikQueueClient client() {
    return QuikQueueClient.to(address());
  }

  default Http http() {
    return new Http(address());
  }

  /** What the process counted so far. */
  default Metrics metrics(String process) {
    return Metrics.of(new Http(admin(process)).get("/metrics"));
  }
}
