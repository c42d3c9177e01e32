package io.quikqueue.simulation;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.announce.Announce;
import io.quikqueue.domain.usecase.cancel.Cancel;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.retry.Retry;
import io.quikqueue.domain.usecase.submit.JobRequest;
import io.quikqueue.domain.usecase.submit.Submit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * An api process and its clients: submits, cancels, retries, announces. The clients repeat requests
 * with a key until they get an answer, also when the process died.
 */
final class Api implements Actor {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private static final int MAX_REQUESTS = 5;

  private final String name;
  private final Simulation world;
  private final Memory memory;
  private final Submit submit;
  private final Cancel cancel;
  private final Retry retry;
  private final List<JobRequest> unanswered = new ArrayList<>();
  private int requests;

  Api(String name, Simulation world, JobIds ids) {
    this.name = name;
    this.world = world;
    this.memory = new Memory(new Announce(world.stream, world.outbox, Meter.NONE));
    JobStore store = new ListenedJobStore(world.store, JobListener.announcing(memory));
    this.submit = new Submit(store, world.clock, ids, Meter.NONE);
    this.cancel = new Cancel(store, world.clock);
    this.retry = new Retry(store, world.clock);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void act(SplittableRandom random) {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> submitSome(random);
      case 3 -> ask();
      case 4 -> change(random, true);
      case 5 -> change(random, false);
      default -> memory.announceAll();
    }
  }

  private void submitSome(SplittableRandom random) {
    List<JobRequest> batch = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0 && requests < MAX_REQUESTS; i--) {
      batch.add(Request.random(random, world.clock.instant()));
      requests++;
    }
    batch.stream().filter(request -> request.key() != null).forEach(unanswered::add);
    send(batch);
  }

  private void ask() {
    send(List.copyOf(unanswered));
  }

  private void send(List<JobRequest> batch) {
    if (batch.isEmpty()) {
      return;
    }
    List<SubmitResult> answers = submit.submit(batch);
    for (int i = 0; i < answers.size(); i++) {
      answered(batch.get(i), answers.get(i));
    }
  }

  private void answered(JobRequest request, SubmitResult answer) {
    unanswered.removeIf(each -> each == request);
    switch (answer) {
      case SubmitResult.Accepted(Job job) -> accepted(request, job);
      case SubmitResult.Replayed(Job job) -> accepted(request, job);
      case SubmitResult.ReplayedDeleted(JobId id, _) -> throw new Violation("deleted: " + id);
      case SubmitResult.SlotTaken(Job holder) -> throw new Violation("taken by " + holder.id());
      case SubmitResult.Existing(Job holder) -> throw new Violation("taken by " + holder.id());
      case SubmitResult.Replaced(Job holder) -> throw new Violation("taken by " + holder.id());
      case SubmitResult.KeyReused(JobId first) ->
          Ledger.require(
              world.ledger.jobIds().contains(first), "a key points to no job: %s", first);
      case SubmitResult.Dropped dropped -> throw new Violation("dropped: " + dropped);
      case SubmitResult.Full full -> throw new Violation("full: " + full);
      case SubmitResult.Refused(String reason) -> throw new Violation("refused: " + reason);
    }
  }

  private void accepted(JobRequest request, Job job) {
    if (request.key() != null) {
      world.ledger.accepted(request.key().key(), job.id());
    }
  }

  private void change(SplittableRandom random, boolean cancels) {
    List<JobId> ids = world.ledger.jobIds();
    if (ids.isEmpty()) {
      return;
    }
    JobId id = ids.get(random.nextInt(ids.size()));
    if (cancels) {
      cancel.cancel(CALLER, id);
    } else {
      world.ledger.retryBegins(id);
      try {
        retry.retry(CALLER, id);
      } finally {
        world.ledger.retryEnds(id);
      }
    }
  }

  @Override
  public void die() {
    memory.clear();
  }

  @Override
  public void settle() {
    ask();
    memory.announceAll();
  }

  /** Whether a client still waits for an answer. */
  boolean waitedFor() {
    return !unanswered.isEmpty();
  }

  /** What {@link io.quikqueue.domain.usecase.announce.Announcer} is, without its thread. */
  static final class Memory implements Consumer<List<Job>> {

    private final Announce announce;
    private final List<Job> waiting = new ArrayList<>();

    Memory(Announce announce) {
      this.announce = announce;
    }

    @Override
    public void accept(List<Job> committed) {
      waiting.addAll(committed);
    }

    void announceAll() {
      if (waiting.isEmpty()) {
        return;
      }
      List<Job> batch = List.copyOf(waiting);
      waiting.clear();
      try {
        announce.announce(batch);
      } catch (UnavailableException e) {
        waiting.clear();
        throw e;
      }
    }

    void clear() {
      waiting.clear();
    }
  }
}
