package io.quikqueue.contracts;

import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;

/** The ready queue that a contract tests, and its time. */
public interface ReadyQueueFixture {

  /** An empty ready queue. */
  ReadyQueue empty() throws Exception;

  /** Lets the ready queue's clock advance by at least this much. */
  void letPass(Duration duration);

  /** How long the ready queue remembers finished attempts: a minute, by the port. */
  default Duration memory() {
    return Duration.ofMinutes(1);
  }
}
