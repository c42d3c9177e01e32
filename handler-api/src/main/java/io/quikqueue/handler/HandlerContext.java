package io.quikqueue.handler;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One attempt at a job, as its handler sees it. Safe for use by several threads. */
public interface HandlerContext {

  /** The id of the job; the same for all its attempts. */
  UUID jobId();

  /** The number of this attempt, counted from 1. */
  int attempt();

  /**
   * What is left until the attempt's deadline; zero when it has passed, and the attempt is
   * interrupted.
   */
  Duration timeLeft();

  /** Whether the job was cancelled or given to another worker, so that going on is in vain. */
  boolean cancelled();

  /**
   * Says how far the attempt is. {@code progress} of {@code GET /v1/jobs/{id}} shows it while the
   * attempt runs, about a second later; of calls that come faster the last one counts.
   *
   * @param percent 0 to 100
   * @param message a few words for people, at most 200 characters; null = none
   */
  void progress(int percent, @Nullable String message);

  /**
   * Logs a line, of which 2,000 characters are kept. {@code GET /v1/jobs/{id}/logs} shows the last
   * 1,000 of a job, also while it runs; they are written to the worker's log too, together with the
   * job's id and the attempt.
   */
  void log(@Nullable String line);

  /**
   * Does something once for all attempts of the job: what it gives is kept under the name, and an
   * attempt that comes after this one gets that and does not do it again. It is kept when the work
   * has returned: when the worker dies in between, the next attempt does it once more. Names are 1
   * to 100 of {@code A-Z a-z 0-9 _ . : -}; a job has at most 1,000 steps, of 256 KiB each and 1 MiB
   * together. What the work throws is thrown on, and nothing is kept.
   *
   * @param type what the kept value is read into, by the rules for payloads
   * @param work gives what can be written as JSON, null included
   * @return the kept value, as it was read
   * @throws PermanentFailure when the value cannot be kept
   * @throws AttemptEnded when the job has moved on; let it pass
   */
  <T> @Nullable T step(String name, Class<T> type, Callable<? extends @Nullable T> work)
      throws Exception;

  /** As {@link #step(String, Class, Callable)}, for work that gives nothing. */
  default void step(String name, Work work) throws Exception {
    Object unused =
        step(
            name,
            Boolean.class,
            () -> {
              work.run();
              return true;
            });
  }

  /**
   * Sleeps until a moment, at most 366 days ahead, without a slot and without a thread: the attempt
   * ends, its job is SCHEDULED, and the next attempt comes to this call again and goes on. What was
   * done before is done again, unless it was a step. No failed attempt is counted. The sleeps of an
   * attempt are told apart by their order; a handler in which that can change gives them names.
   *
   * @throws AttemptEnded to end the attempt; let it pass
   * @throws PermanentFailure when it is longer than 366 days, or one too many
   */
  void sleep(Instant until) throws InterruptedException, PermanentFailure;

  /** Sleeps for a while, from the first time that an attempt comes here. */
  void sleep(Duration time) throws InterruptedException, PermanentFailure;

  /** Sleeps until a moment, under a name as that of a step. */
  void sleep(String name, Instant until) throws InterruptedException, PermanentFailure;

  /** Sleeps for a while, under a name as that of a step. */
  void sleep(String name, Duration time) throws InterruptedException, PermanentFailure;

  /**
   * Waits for a signal, {@code POST /v1/jobs/{id}/signals/{name}}, as it sleeps; one that came
   * before counts, and each counts once. Waits for signals of the same name are told apart by their
   * order.
   *
   * @param timeout from the first time that an attempt comes here, at most 366 days
   * @param type what came with it is read into, by the rules for payloads
   * @return what came with the signal; empty when it did not come in time, or {@code null} came
   * @throws PermanentFailure when what came cannot be read
   * @throws AttemptEnded to end the attempt; let it pass
   */
  <T> Optional<T> waitForSignal(String signal, Duration timeout, Class<T> type)
      throws PermanentFailure;

  /**
   * Adds nodes to the workflow of the job when the attempt succeeds, in the transaction that says
   * so; an attempt that fails or sleeps adds none, so that a repeated one adds nothing twice. They
   * start at once, and who waits for this node waits for them too. An attempt may add 1,000 nodes
   * with 4 MiB of payloads together; they are called as this node and, behind a colon, themselves.
   *
   * @throws PermanentFailure when the job is no node of a workflow, or one of these cannot be
   */
  void spawn(List<NewNode> nodes) throws PermanentFailure;

  /** Work that gives nothing. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** The W3C trace context that the job was submitted with; null = none. */
  @Nullable String traceparent();
}
