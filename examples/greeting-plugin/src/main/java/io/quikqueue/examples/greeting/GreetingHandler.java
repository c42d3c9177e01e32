package io.quikqueue.examples.greeting;

import io.quikqueue.handler.Handler;
import io.quikqueue.handler.HandlerContext;
import io.quikqueue.handler.PermanentFailure;

/**
 * Runs jobs of type {@code greet}: {@code {"name": "Ada"}} becomes {@code {"greeting": "Hello,
 * Ada!"}}.
 */
public final class GreetingHandler implements Handler<GreetingHandler.Greet> {

  /** The payload. */
  public record Greet(String name) {}

  /** The result. */
  public record Greeting(String greeting) {}

  @Override
  public String type() {
    return "greet";
  }

  @Override
  public Class<Greet> payloadType() {
    return Greet.class;
  }

  @Override
  public Greeting handle(Greet payload, HandlerContext context) throws PermanentFailure {
    if (payload.name() == null || payload.name().isBlank()) {
      throw new PermanentFailure("name: must not be blank");
    }
    context.log("greeting " + payload.name().length() + " letters");
    return new Greeting("Hello, " + payload.name() + "!");
  }
}
