package io.quikqueue.http;

import io.quikqueue.domain.port.JobHandler.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls made at the same time, and how each ended. */
final class CallsAtOnce {

  /** How one ended: with a result or an exception, the other null. */
  record End(Result result, Exception failure) {}

  private CallsAtOnce() {}

  static List<End> run(HttpJobHandler handler, String payload, int times) throws Exception {
    List<CompletableFuture<End>> ends = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      CompletableFuture<End> end = new CompletableFuture<>();
      ends.add(end);
      Thread.startVirtualThread(
          () -> {
            try {
              end.complete(new End(handler.run(OneRun.of(payload)), null));
            } catch (Exception e) {
              end.complete(new End(null, e));
            } catch (Throwable e) {
              end.completeExceptionally(e);
            }
          });
    }
    List<End> all = new ArrayList<>();
    for (CompletableFuture<End> end : ends) {
      all.add(end.get(180, TimeUnit.SECONDS));
    }
    return all;
  }
}
