package io.quikqueue.client;

import java.util.Optional;
import java.util.UUID;

/**
 * The same change of many jobs. Safe for use by many threads. All methods throw a {@link
 * QuikQueueException}.
 */
public final class Operations {

  private static final String PATH = "/v1/operations";

  private final Calls calls;

  Operations(Calls calls) {
    this.calls = calls;
  }

  /** Begins an operation; sent once. */
  public OperationView begin(NewOperation operation) {
    return OperationView.of(calls.send("POST", PATH, operation.fields(), false));
  }

  /** How far an operation is; empty when there is none of this id. */
  public Optional<OperationView> find(UUID id) {
    try {
      return Optional.of(OperationView.of(calls.get(PATH + "/" + id)));
    } catch (QuikQueueException.NotFound e) {
      return Optional.empty();
    }
  }

  /**
   * Lets an operation go no further for now.
   *
   * @return the operation after it
   * @throws QuikQueueException.Conflict when it is over
   */
  public OperationView pause(UUID id) {
    return move(id, "pause");
  }

  /** Lets a paused operation go on; likewise. */
  public OperationView resume(UUID id) {
    return move(id, "resume");
  }

  /** Ends an operation; what it has changed stays so; likewise. */
  public OperationView abort(UUID id) {
    return move(id, "abort");
  }

  private OperationView move(UUID id, String verb) {
    return OperationView.of(calls.send("POST", PATH + "/" + id + "/" + verb, null, true));
  }
}
