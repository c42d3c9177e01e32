package io.quikqueue.rest;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Has a request wait without a thread. */
final class Suspension {

  private Suspension() {}

  /**
   * The request, which was let in by {@code waits}, leaves it and is dispatched again once its wait
   * is over; it is not when the wait was cancelled, which is done here when its client has gone.
   *
   * @param over must be bounded in time: there is no other timeout
   * @param clientIsDone called when the client has closed its side, but may still listen; has to
   *     end the wait
   */
  static void begin(
      HotRequest request, CallerBound waits, CompletableFuture<?> over, Runnable clientIsDone) {
    HttpServletRequest in = request.in();
    AsyncContext async = in.startAsync(in, request.out());
    async.setTimeout(0); // the wait has a timeout itself
    @Nullable ClientWatch watch = ClientWatch.of(in, clientIsDone, () -> over.cancel(false));
    var _ =
        over.whenComplete(
            (_, cancelled) -> {
              waits.leave(request.caller().countedAs());
              if (watch != null) {
                watch.end();
              }
              if (cancelled == null) {
                async.dispatch();
              } else {
                async.complete();
              }
            });
    if (watch != null) {
      watch.start();
    }
  }
}
