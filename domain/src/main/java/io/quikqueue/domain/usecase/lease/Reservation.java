package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.port.WorkerInfo;
import java.util.List;

/**
 * Keeps a pull worker for one of the processes that serve it, so that a job that may end its worker
 * can run alone there. The process that wants it says so in its row of the worker. Each other one
 * then yields: it leases nothing to the worker and says that in its own row, until nobody wants it
 * any more. Of several that want it, the one whose row comes first has it.
 *
 * <p>A process of an earlier version does not yield; then the worker is not alone. Rows are written
 * before they are read: of two processes that do so at once, one sees the other. For one thread.
 */
final class Reservation {

  /** In the place of the slots of a row: the process wants the worker for itself. */
  private static final int WANTS = 0;

  /** In the place of the slots of a row: the process leases nothing to the worker. */
  private static final int YIELDS = -1;

  private enum State {
    NONE,
    WANTED,
    YIELDED
  }

  private final PullWorkerNews news;
  private final String worker;
  private final Runnable tell;
  private volatile State state = State.NONE;
  private boolean lookedOnce;

  /**
   * @param tell writes the row of the worker
   */
  Reservation(PullWorkerNews news, String worker, Runnable tell) {
    this.news = news;
    this.worker = worker;
    this.tell = tell;
  }

  /** What the row of the worker has for slots, of which there are so many. */
  int shown(int slots) {
    return switch (state) {
      case NONE -> slots;
      case WANTED -> WANTS;
      case YIELDED -> YIELDS;
    };
  }

  /**
   * Whether this process may lease jobs to the worker; else it has yielded.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store has to be asked or told
   *     and cannot be reached; nothing may be leased
   */
  boolean mayLease() {
    if (state == State.WANTED) {
      return true;
    }
    if (isWanted(lookedOnce ? news.othersLately(worker) : news.others(worker))) {
      become(State.YIELDED);
      return false;
    }
    lookedOnce = true;
    if (state == State.YIELDED) {
      become(State.NONE);
      if (isWanted(news.others(worker))) {
        become(State.YIELDED);
        return false;
      }
    }
    return true;
  }

  /**
   * Whether no other process leases to the worker, nor has an attempt of it, from now on until
   * {@link #end}; to be asked again until it is so.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  boolean isAlone() {
    become(State.WANTED);
    List<WorkerInfo> others = news.others(worker);
    if (others.stream().anyMatch(other -> wants(other) && news.isBefore(other, worker))) {
      become(State.YIELDED);
      return false;
    }
    return others.stream().allMatch(other -> other.slots() == YIELDS && other.busy() == 0);
  }

  /** The worker is for all again. */
  void end() {
    if (state == State.WANTED) {
      become(State.NONE);
    }
  }

  private void become(State next) {
    State before = state;
    if (next == before) {
      return;
    }
    state = next;
    try {
      tell.run();
    } catch (RuntimeException e) {
      state = before;
      throw e;
    }
  }

  private static boolean isWanted(List<WorkerInfo> rows) {
    return rows.stream().anyMatch(Reservation::wants);
  }

  private static boolean wants(WorkerInfo row) {
    return row.slots() == WANTS;
  }
}
