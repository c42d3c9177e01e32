package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * FAILED jobs by the way in which they failed. Safe for use by many threads. All methods throw a
 * {@link QuikQueueException}; those that name a group that is not there, but for {@link #group}, a
 * {@link QuikQueueException.NotFound}.
 */
public final class DeadLetters {

  private static final String PATH = "/v1/dead";

  private final Calls calls;

  DeadLetters(Calls calls) {
    this.calls = calls;
  }

  /** All groups, the newest first; there are about 1,000 at most. */
  public List<DeadGroup> groups() {
    List<DeadGroup> groups = new ArrayList<>();
    String page = PATH + "?limit=500";
    for (String next = page; next != null; ) {
      JsonNode answer = calls.get(next);
      answer.path("groups").forEach(group -> groups.add(DeadGroup.of(group)));
      next = answer.hasNonNull("next") ? page + "&after=" + answer.get("next").asText() : null;
    }
    return groups;
  }

  /** A group by its id; empty when there is none. */
  public Optional<DeadGroup> group(String id) {
    try {
      return Optional.of(DeadGroup.of(calls.get(PATH + "/" + id + "?limit=1")));
    } catch (QuikQueueException.NotFound e) {
      return Optional.empty();
    }
  }

  /**
   * Says that the cause of the failures is gone; the next one opens the group again.
   *
   * @param note for people, at most 500 characters; null = none
   * @return the group after it
   */
  public DeadGroup resolve(String id, @Nullable String note) {
    return mark(id, "resolve", note);
  }

  /** Says that nobody wants to hear of these failures; likewise. */
  public DeadGroup ignore(String id, @Nullable String note) {
    return mark(id, "ignore", note);
  }

  /** Takes back that the group is resolved or ignored; likewise. */
  public DeadGroup reopen(String id, @Nullable String note) {
    return mark(id, "reopen", note);
  }

  private DeadGroup mark(String id, String verb, @Nullable String note) {
    return DeadGroup.of(
        calls.send(
            "POST",
            PATH + "/" + id + "/" + verb,
            note == null ? Map.of() : Map.of("note", note),
            true));
  }
}
