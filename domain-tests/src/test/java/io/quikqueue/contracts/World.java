package io.quikqueue.contracts;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.DispatchTarget;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a use case is surrounded by, in memory: the fakes, made flaky, and what they were told. */
public final class World {

  public final InMemoryStore memory;
  public final InMemoryReadyQueue readyMemory;
  public final InMemoryJobStream streamMemory = new InMemoryJobStream();

  public final Flaky<JobStore> store;
  public final Flaky<Outbox> outbox;
  public final Flaky<ReadyQueue> ready;
  public final Flaky<DispatchTarget> target;
  public final Flaky<JobStream> stream;

  public final CountingMeter meter = new CountingMeter();

  /** The store as use cases have it, and what its listener heard of. */
  public final JobStore listened;

  public final List<Job> announced = new CopyOnWriteArrayList<>();
  public final List<Transition> changed = new CopyOnWriteArrayList<>();
  public final Jobs jobs;

  public World(InstantSource clock) {
    memory = new InMemoryStore(clock);
    readyMemory = new InMemoryReadyQueue(clock);
    store = new Flaky<>(JobStore.class, memory);
    outbox = new Flaky<>(Outbox.class, memory);
    ready = new Flaky<>(ReadyQueue.class, readyMemory);
    target = new Flaky<>(DispatchTarget.class, readyMemory);
    stream = new Flaky<>(JobStream.class, streamMemory);
    listened = new ListenedJobStore(store.port(), new Listener());
    jobs = new Jobs(clock);
  }

  private final class Listener implements JobListener {
    @Override
    public void ready(List<Job> jobs) {
      announced.addAll(jobs);
    }

    @Override
    public void changed(List<Transition> transitions) {
      changed.addAll(transitions);
    }
  }

  /** The jobs that were heard of to be over, or to wait for their next attempt. */
  public List<Job> ended() {
    return changed.stream()
        .map(Transition::after)
        .filter(job -> job.state().terminal() || job.state() == JobState.RETRYING)
        .toList();
  }

  /** Puts a new job into the store. */
  public Job stored(Job job) {
    memory.submit(List.of(new Submission(job, null)));
    return job;
  }

  /** Puts a job into the store in any state. */
  public Job stored(JobFixture builder, JobState state) {
    if (state == JobState.WAITING || state == JobState.SCHEDULED) {
      return stored(builder.in(state));
    }
    Job queued = stored(builder.queued());
    return state == JobState.QUEUED ? queued : saved(builder.to(state));
  }

  public Job saved(Transition transition) {
    if (memory.save(List.of(transition)).applied().isEmpty()) {
      throw new IllegalStateException("job " + transition.before().id() + " has moved on");
    }
    return transition.after();
  }

  /** Puts a new job into the store and into the ready queue. */
  public Job readied(Job job) {
    stored(job);
    pushed(job);
    return job;
  }

  public void pushed(Job job) {
    readyMemory.push(List.of(job));
  }

  public Job found(JobId id) {
    Job job = memory.find(List.of(id)).get(id);
    if (job == null) {
      throw new AssertionError("no job " + id);
    }
    return job;
  }

  public JobState state(Job job) {
    return found(job.id()).state();
  }

  /** What the outbox holds, old or young. */
  public List<Job> outboxed() {
    return memory.pending(Instant.MAX, 1000);
  }

  /** What is in the stream and was not looked at before. */
  public List<Job> streamed() {
    return StreamRecords.jobs(streamMemory.poll(Integer.MAX_VALUE));
  }

  /** Whether the ready queue holds nothing at all of the job's attempt. */
  public boolean unknownToReady(Job job) {
    return !readyMemory.unknown(List.of(job.attemptId())).isEmpty();
  }
}
