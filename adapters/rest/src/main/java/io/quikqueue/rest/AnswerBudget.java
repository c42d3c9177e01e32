package io.quikqueue.rest;

import io.quikqueue.domain.batch.OverloadedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Bounds what answers that show a whole job take of the memory: few jobs are loaded at once, and
 * the large answers that are made of them hold a share of a budget until they are sent.
 */
final class AnswerBudget {

  /** An answer up to this size leaves at once, into the buffers of the connection. */
  private static final int SMALL = 16 << 10;

  private static final int LOADS = 8;
  private static final long PATIENCE_SECONDS = 10;
  private static final String SHARE = AnswerBudget.class.getName();

  private final int most;
  private final Semaphore loads = new Semaphore(LOADS, true);
  private final Semaphore bytes;

  AnswerBudget(LimitsConfig limits) {
    this.most = limits.answers();
    this.bytes = new Semaphore(most, true);
  }

  /**
   * The answer, which is asked for again when there was no room for it at first. It holds its share
   * until {@link #release}.
   *
   * @param answer loads the job and writes it; its entity is bytes
   * @throws OverloadedException when there is no room for it within ten seconds
   */
  Response within(HttpServletRequest request, Supplier<Response> answer) {
    Response first = loaded(answer);
    int size = size(first);
    if (size <= SMALL) {
      return first;
    }
    if (bytes.tryAcquire(size)) {
      request.setAttribute(SHARE, size);
      return first;
    }
    first = null; // its memory is what there is no room for
    acquire(bytes, size);
    request.setAttribute(SHARE, size);
    return loaded(answer);
  }

  /** The answer of the request has been sent. */
  void release(HttpServletRequest request) {
    if (request.getAttribute(SHARE) instanceof Integer share) {
      request.removeAttribute(SHARE);
      bytes.release(share);
    }
  }

  private Response loaded(Supplier<Response> answer) {
    acquire(loads, 1);
    try {
      return answer.get();
    } finally {
      loads.release();
    }
  }

  private int size(Response answer) {
    return answer.getEntity() instanceof byte[] body ? Math.min(body.length, most) : 0;
  }

  private static void acquire(Semaphore semaphore, int permits) {
    try {
      if (semaphore.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new OverloadedException();
  }
}
