package io.quikqueue.examples.greeting;

import io.quikqueue.handler.BatchHandler;
import io.quikqueue.handler.BatchJob;
import io.quikqueue.handler.PermanentFailure;
import java.time.Duration;
import java.util.List;

/**
 * Runs jobs of type {@code greeting_card} many at a time, as a printer would: {@code {"name":
 * "Ada"}} becomes {@code {"text": "Hello, Ada!", "printed_with": 49}}.
 */
public final class GreetingCardsHandler implements BatchHandler<GreetingCardsHandler.Card> {

  /** The payload. */
  public record Card(String name) {}

  /**
   * The result.
   *
   * @param printedWith how many other cards were printed at the same time
   */
  public record Printed(String text, int printedWith) {}

  @Override
  public String type() {
    return "greeting_card";
  }

  @Override
  public Class<Card> payloadType() {
    return Card.class;
  }

  @Override
  public int batchSize() {
    return 50;
  }

  @Override
  public Duration batchWait() {
    return Duration.ofMillis(500);
  }

  @Override
  public void handleBatch(List<BatchJob<Card>> jobs) {
    for (BatchJob<Card> job : jobs) {
      String name = job.payload().name();
      if (name == null || name.isBlank()) {
        job.fail(new PermanentFailure("name: must not be blank"));
      } else {
        job.complete(new Printed("Hello, " + name + "!", jobs.size() - 1));
      }
    }
  }
}
