package io.quikqueue.rest;

import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.usecase.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what large answers take of the memory: few jobs, and few pages of them, are loaded at
 * once, and the large answers that are made of them hold a share of a budget until they are sent,
 * and those to one address half of it at most. Who reads too slowly gives it back by losing the
 * connection.
 */
final class AnswerBudget {

  /** An answer up to this size leaves at once, into the buffers of the connection. */
  private static final int SMALL = 16 << 10;

  /** Jobs loaded at once, and of these for one address. */
  private static final int LOADS = 10;

  private static final int LOADS_BY_CALLER = 8;

  /** Pages loaded at once, and of these for one address. */
  private static final int PAGES = 6;

  private static final int PAGES_BY_CALLER = 4;
  private static final long PATIENCE_SECONDS = 10;

  /** How long an answer may take until it is sent, and more by its size. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final int BYTES_PER_SECOND = 32 << 10;
  private static final String SENDING = AnswerBudget.class.getName();
  private static final Logger log = LoggerFactory.getLogger(AnswerBudget.class);

  private final CallerBudget loads = new CallerBudget(LOADS, LOADS_BY_CALLER);
  private final CallerBudget pages = new CallerBudget(PAGES, PAGES_BY_CALLER);
  private final CallerBudget bytes;
  private final IntFunction<Duration> time;
  private final Executor platformThreads;

  /**
   * What an answer holds until it is sent; completing {@code sent} ends the watch over its time.
   */
  private record Sending(CallerBudget.Share share, CompletableFuture<Void> sent) {}

  /**
   * @param time how long an answer may take until it is sent, by its bytes
   * @param platformThreads loads the jobs of callers who ask for several at once, large ones among
   *     them. Virtual threads would do it on the few carriers, one job after the other, while all
   *     other requests wait for these
   */
  AnswerBudget(LimitsConfig limits, IntFunction<Duration> time, Executor platformThreads) {
    this.platformThreads = platformThreads;
    this.bytes = new CallerBudget(limits.answers(), limits.answers() / 2);
    this.time = time;
  }

  /** Half a minute, and more for more. */
  static Duration usualTime(int bytes) {
    return GRACE.plusMillis(1000L * bytes / BYTES_PER_SECOND);
  }

  /**
   * The answer, which is asked for again when there was no room for it at first. It holds its share
   * until {@link #release}.
   *
   * @param answer loads the job and writes it; its entity is bytes
   * @throws OverloadedException when there is no room for it within ten seconds
   */
  Response within(HttpServletRequest request, Caller caller, Supplier<Response> answer) {
    return within(request, caller.countedAs(), loads, answer);
  }

  /** Likewise, for an answer that loads a page of jobs. */
  Response pageWithin(HttpServletRequest request, Caller caller, Supplier<Response> answer) {
    return within(request, caller.countedAs(), pages, answer);
  }

  private Response within(
      HttpServletRequest request, String caller, CallerBudget turns, Supplier<Response> answer) {
    Response first = loaded(caller, turns, answer);
    int size = size(first);
    if (size <= SMALL) {
      return first;
    }
    CallerBudget.Share share = bytes.share(caller);
    if (share.tryTake(size)) {
      hold(request, share, size);
      return first;
    }
    first = null; // its memory is what there is no room for
    return holding(request, share, size, () -> loaded(caller, turns, answer));
  }

  /** Waits for room, has the answer made, and holds the share from then on; not if that fails. */
  private Response holding(
      HttpServletRequest request, CallerBudget.Share share, int size, Supplier<Response> answer) {
    boolean isHeld = false;
    try {
      take(share, size);
      Response made = answer.get();
      hold(request, share, size);
      isHeld = true;
      return made;
    } finally {
      if (!isHeld) {
        share.close();
      }
    }
  }

  private void hold(HttpServletRequest request, CallerBudget.Share share, int size) {
    request.setAttribute(SENDING, new Sending(share, watched(request, size)));
  }

  /** Ends the connection when so many bytes are not sent in time, which completing this says. */
  CompletableFuture<Void> watched(HttpServletRequest request, int size) {
    Duration most = time.apply(size);
    EndPoint client =
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    CompletableFuture<Void> sent = new CompletableFuture<>();
    var _ =
        sent.orTimeout(most.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (_, late) -> {
                  if (late != null) {
                    log.debug("event=slow_reader_dropped bytes={} time={}", size, most);
                    client.close();
                  }
                });
    return sent;
  }

  /**
   * The answer to a request that changes something, and so is done only when there is room for what
   * it answers.
   *
   * @param size bytes that the answer will have, about
   * @throws OverloadedException when there is no room for it within ten seconds; nothing was done
   */
  Response reserved(
      HttpServletRequest request, Caller caller, int size, Supplier<Response> answer) {
    if (size <= SMALL) {
      return answer.get();
    }
    int held = Math.min(size, bytes.mostByCaller());
    return holding(request, bytes.share(caller.countedAs()), held, answer);
  }

  /** The answer of the request has been sent. */
  void release(HttpServletRequest request) {
    if (request.getAttribute(SENDING) instanceof Sending sending) {
      request.removeAttribute(SENDING);
      sending.sent().complete(null);
      sending.share().close();
    }
  }

  private Response loaded(String caller, CallerBudget turns, Supplier<Response> answer) {
    try (CallerBudget.Share turn = turns.share(caller)) {
      if (!bytes.isHeldBy(caller) && turn.tryTake(1)) {
        return answer.get();
      }
      take(turn, 1);
      return CompletableFuture.supplyAsync(answer, platformThreads).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (RejectedExecutionException e) {
      throw new OverloadedException(); // the service stops
    }
  }

  private static void take(CallerBudget.Share share, int size) {
    try {
      if (!share.take(size, PATIENCE_SECONDS)) {
        throw new OverloadedException();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static OverloadedException interrupted() {
    Thread.currentThread().interrupt();
    return new OverloadedException();
  }

  private int size(Response answer) {
    return answer.getEntity() instanceof byte[] body
        ? Math.min(body.length, bytes.mostByCaller())
        : 0;
  }
}
