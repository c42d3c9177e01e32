package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets in only jobs that somebody can run: of a configured type, or one that a worker has ever
 * offered. Also bounds the number of queues, of which only those count that have had a job or are
 * about to get one. What it knows it keeps in memory; it asks the store at most once a second, and
 * only when it meets something new. Also bounds how long a job may hold a slot.
 */
public final class Admission {

  private static final int MAX_QUEUES = 1_000;
  private static final Entry KNOWN = _ -> {};
  private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final Workers workers;
  private final Queues queues;
  private final PayloadChecks payloads;
  private final Duration longestTimeout;
  private final Consumer<String> callbackUrls;
  private final LongSupplier nanos;
  private final Set<String> knownTypes = ConcurrentHashMap.newKeySet();
  private final Set<String> knownQueues = ConcurrentHashMap.newKeySet();

  /** Jobs that are being submitted, by the new queue that they are for. */
  private final Map<String, Integer> entering = new HashMap<>();

  private long typesRead;
  private long queuesRead;

  /**
   * @param types the types known from configuration
   * @param longestTimeout the longest that one attempt of a job may run
   * @param callbackUrls throws {@link InvalidFieldException} for a URL that cannot be called
   * @param nanos monotonic time
   */
  public Admission(
      Workers workers,
      Queues queues,
      PayloadChecks payloads,
      Set<String> types,
      Duration longestTimeout,
      Consumer<String> callbackUrls,
      LongSupplier nanos) {
    this.workers = workers;
    this.queues = queues;
    this.payloads = payloads;
    this.longestTimeout = longestTimeout;
    this.callbackUrls = callbackUrls;
    this.nanos = nanos;
    this.knownTypes.addAll(types);
    this.knownQueues.add(JobSpec.DEFAULT_QUEUE);
    this.typesRead = nanos.getAsLong() - REFRESH_NANOS;
    this.queuesRead = typesRead;
  }

  /** A job that was let in, until it is known whether it was stored. */
  @FunctionalInterface
  public interface Entry {

    /**
     * To be called once.
     *
     * @param committed whether the job is in the store now
     */
    void settle(boolean committed);
  }

  /**
   * Lets a job in that a client wants to submit.
   *
   * @param caller who wants to, within whose scope it has to be
   * @return to be settled, or a new queue counts for good
   * @throws io.quikqueue.domain.job.OutOfScopeException when it would reach beyond their scope
   * @throws InvalidFieldException when nobody can run its type, its timeout is too long, its
   *     callback cannot be called, or there are too many queues for a new one
   * @throws io.quikqueue.domain.job.InvalidPayloadException when its payload does not fit its type
   * @throws io.quikqueue.domain.port.UnavailableException when the store has to be asked and cannot
   *     be reached
   */
  public Entry admit(Caller caller, JobSpec spec) {
    caller.scope().require(spec);
    checkTimeout(spec);
    requireClients(spec);
    if (!knownTypes.contains(spec.type())) {
      requireType(caller, spec.type());
    }
    if (spec.callback() != null) {
      callbackUrls.accept(spec.callback().url());
    }
    if (spec.node() == null || !spec.node().refers()) { // else the rest of it is not known yet
      payloads.check(spec);
    }
    if (knownQueues.contains(spec.queue())) {
      return KNOWN;
    }
    enter(spec.queue());
    return committed -> leave(spec.queue(), committed);
  }

  /**
   * Checks what a job that was let in before is asked for anew.
   *
   * @throws InvalidFieldException when its timeout is too long, or it is a callback
   * @throws io.quikqueue.domain.job.InvalidPayloadException when its payload does not fit its type
   */
  public void check(JobSpec edited) {
    checkTimeout(edited);
    requireClients(edited);
    payloads.check(edited);
  }

  /** The references of a workflow that would take what is secret where everybody sees it. */
  public List<Wrong> leaks(WorkflowSpec workflow) {
    return payloads.leaks(workflow);
  }

  /** What a callback tells of is the service's own word. */
  private static void requireClients(JobSpec spec) {
    if (spec.type().equals(CallbackJobs.TYPE)) {
      throw new InvalidFieldException("type", "is that of callbacks, which the service makes");
    }
  }

  private void checkTimeout(JobSpec spec) {
    if (spec.policy().timeout().compareTo(longestTimeout) > 0) {
      throw new InvalidFieldException(
          "timeout",
          "must be at most " + longestTimeout.toSeconds() + " s here (setting rest.maxTimeout)");
    }
  }

  private synchronized void requireType(Caller caller, String type) {
    if (nanos.getAsLong() - typesRead >= REFRESH_NANOS) {
      knownTypes.addAll(workers.types());
      typesRead = nanos.getAsLong();
    }
    if (!knownTypes.contains(type)) {
      Set<String> known = new TreeSet<>(knownTypes);
      known.remove(CallbackJobs.TYPE); // nobody can submit those
      known.removeIf(each -> !caller.scope().coversType(each));
      throw new InvalidFieldException(
          "type", "no worker knows \"" + type + "\"; known are " + known);
    }
  }

  private synchronized void enter(String queue) {
    if (nanos.getAsLong() - queuesRead >= REFRESH_NANOS) {
      queues.all().stream().map(QueueFigures::queue).forEach(knownQueues::add);
      queuesRead = nanos.getAsLong();
    }
    if (!knownQueues.contains(queue)
        && !entering.containsKey(queue)
        && knownQueues.size() + entering.size() >= MAX_QUEUES) {
      throw new InvalidFieldException("queue", "there are " + MAX_QUEUES + " queues already");
    }
    entering.merge(queue, 1, Integer::sum);
  }

  private synchronized void leave(String queue, boolean committed) {
    entering.computeIfPresent(queue, (_, jobs) -> jobs == 1 ? null : jobs - 1);
    if (committed) {
      knownQueues.add(queue);
    }
  }
}
