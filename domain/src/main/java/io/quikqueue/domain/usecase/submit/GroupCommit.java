package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.batch.Batcher;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.Stored;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Gathers the submits of concurrent clients into few transactions. */
public final class GroupCommit implements AutoCloseable {

  private static final int CAPACITY = 20_000;
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  private final Batcher<JobRequest, Stored> batcher;

  /**
   * @param lanes transactions under way at once
   * @param apart after one with several jobs the next waits for as many, so long at most
   */
  public GroupCommit(Submit submit, int lanes, Duration apart) {
    this.batcher =
        new Batcher<>("submit", lanes, CAPACITY, Submit.MAX_BATCH, apart, MAX_WAIT, submit::submit);
  }

  /**
   * Stores one job and returns when it is durable or refused.
   *
   * @throws OverloadedException when too much is waiting; the job was not stored
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached; whether
   *     the job was stored is unknown
   */
  public Stored submit(JobRequest request) {
    return await(batcher.submit(request));
  }

  /**
   * Hands one job in without waiting for it, for callers that have many.
   *
   * @return completes when the job is durable or refused, or with what {@link #submit} throws
   * @throws OverloadedException when too much is waiting; the job was not stored
   */
  public CompletableFuture<Stored> begin(JobRequest request) {
    return batcher.submit(request);
  }

  @Override
  public void close() {
    batcher.close();
  }

  private static Stored await(CompletableFuture<Stored> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
