package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.client.Calls.Call;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a signal that was accepted.
 *
 * @param taken whether a node of a workflow ended with it at once; false for one that is kept for
 *     the node that will wait for it, and for those to jobs, which take it when they run again
 * @param repeated whether it had come before under its key: then nothing was done
 */
public record SentSignal(boolean taken, boolean repeated) {

  /** Sends a signal; again, when the server is away, only under a key. */
  static SentSignal send(
      Calls calls, String to, String name, @Nullable Object payload, @Nullable String key) {
    JsonNode answer =
        calls.send(
            new Call(
                "POST",
                to + "/signals/" + Calls.encoded(name),
                payload == null ? Map.of() : Map.of("payload", payload),
                key,
                Duration.ZERO,
                key != null));
    return new SentSignal(answer.path("taken").asBoolean(), answer.path("repeated").asBoolean());
  }
}
