package io.quikqueue.handlers;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.handler.BatchJob;
import io.quikqueue.handler.HandlerContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An attempt in a batch, until it is over. */
final class BatchEntry<P> implements BatchJob<P> {

  private final JobRun run;
  private final P payload;
  private final HandlerContext context;
  private final CompletableFuture<@Nullable Object> end = new CompletableFuture<>();

  BatchEntry(JobRun run, P payload) {
    this.run = run;
    this.payload = payload;
    this.context = new BatchContext(run);
  }

  JobSpec spec() {
    return run.job().spec();
  }

  @Override
  public P payload() {
    return payload;
  }

  @Override
  public HandlerContext context() {
    return context;
  }

  @Override
  public boolean complete(@Nullable Object result) {
    return end.complete(result);
  }

  @Override
  public boolean fail(@Nullable Throwable cause) {
    return end.completeExceptionally(
        cause == null ? new IllegalStateException("it failed without a cause") : cause);
  }

  /** What its handler says of it from now on comes too late; false = it was over already. */
  boolean abandon() {
    return end.cancel(false);
  }

  boolean isOver() {
    return end.isDone();
  }

  /** Waits until it is over; false = it is not within this time. */
  boolean awaitEnd(long nanos) throws InterruptedException {
    try {
      var _ = end.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true; // whoever asks for the result gets it
    }
    return true;
  }

  void awaitEnd() throws InterruptedException {
    try {
      var _ = end.get();
    } catch (ExecutionException e) {
      // whoever asks for the result gets it
    }
  }

  /** What it was completed with. Only when it is over. */
  @Nullable Object result() throws Exception {
    try {
      return end.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw e;
      }
    }
  }
}
