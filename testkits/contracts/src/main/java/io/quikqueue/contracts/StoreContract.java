package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the contracts of the store's ports share: an empty store and ways to fill it. */
@Timeout(600)
abstract class StoreContract {

  static final String WORKER = "worker-1";

  Stores stores;
  Jobs jobs;
  private Instant last = Instant.EPOCH;

  /** A store that holds nothing. Called once before each test. */
  protected abstract Stores open();

  @BeforeEach
  void openStores() {
    stores = open();
    jobs = new Jobs(stores.clock());
  }

  /** Now, but later than ever before, so that no two changes have the same time. */
  Instant tick() {
    Instant now = jobs.now();
    last = now.isAfter(last) ? now : last.plusNanos(1000);
    return last;
  }

  /** Stores a new job, which the store must accept. */
  Job submitted(Job job) {
    submitted(List.of(job));
    return job;
  }

  /** Stores new jobs, all of which the store must accept. */
  void submitted(List<Job> batch) {
    assertThat(stores.jobs().submit(batch.stream().map(job -> new Submission(job, null)).toList()))
        .isEqualTo(batch.stream().map(SubmitResult.Accepted::new).toList());
  }

  SubmitResult submitted(Job job, IdempotencyKey key) {
    List<SubmitResult> answers = stores.jobs().submit(List.of(new Submission(job, key)));
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }

  /** Applies a verb to a stored job. */
  Job saved(Job job, Verb verb) {
    return saved(Jobs.after(job, verb, tick()));
  }

  /** Saves a transition of a stored job, which the store must apply. */
  Job saved(Transition transition) {
    assertThat(save(transition)).containsExactly(transition.attempt());
    return transition.after();
  }

  /** Saves a transition that may meet a job that has moved on. */
  Set<AttemptId> save(Transition transition) {
    return stores.jobs().save(List.of(transition.by(WORKER))).applied();
  }

  /** A job in the store that has come to this state by its verbs. */
  Job stored(JobFixture job, JobState state) {
    return switch (state) {
      case WAITING -> submitted(job.waiting());
      case SCHEDULED -> submitted(job.scheduled(jobs.now().plusSeconds(60)));
      case QUEUED -> submitted(job.queued());
      case RUNNING -> saved(stored(job, JobState.QUEUED), Verb.START);
      case RETRYING -> saved(stored(job, JobState.RUNNING), Verb.FAIL);
      case DONE -> saved(stored(job, JobState.RUNNING), Verb.SUCCEED);
      case FAILED -> {
        Job running = stored(job, JobState.RUNNING);
        yield saved(running.fail(new Failure("no such customer", true), 0.5, tick()));
      }
      case CANCELLED -> saved(stored(job, JobState.QUEUED), Verb.CANCEL);
      case EXPIRED -> saved(stored(job, JobState.QUEUED), Verb.EXPIRE);
      case SKIPPED -> saved(stored(job, JobState.WAITING), Verb.SKIP);
    };
  }

  /** The job as the store has it, which it must. */
  Job found(JobId id) {
    return Objects.requireNonNull(stores.jobs().find(List.of(id)).get(id), () -> "no job " + id);
  }

  /** All pages of a query, newest first. */
  List<Job> listed(JobQuery query) {
    List<Job> all = new ArrayList<>();
    JobId after = query.after();
    for (int pages = 0; pages < 10_000; pages++) {
      JobPage page =
          stores
              .jobs()
              .list(
                  new JobQuery(
                      query.state(),
                      query.queue(),
                      query.type(),
                      query.labels(),
                      query.scope(),
                      after,
                      query.limit()));
      assertThat(page.jobs()).hasSizeLessThanOrEqualTo(query.limit());
      all.addAll(page.jobs());
      after = page.next();
      if (after == null) {
        return all;
      }
    }
    throw new AssertionError("the list has no end: " + query);
  }

  /** The ids of all jobs in the store, newest first. */
  List<JobId> allJobs() {
    return ids(listed(new JobQuery(null, null, null, Map.of(), null, 500)));
  }

  static List<JobId> ids(Collection<Job> of) {
    return of.stream().map(Job::id).toList();
  }

  /** Does all of these at the same moment, each in a thread of its own; their answers in order. */
  static <T> List<T> atOnce(List<Callable<T>> tasks) throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    List<Future<T>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      for (Callable<T> task : tasks) {
        running.add(
            threads.submit(
                () -> {
                  start.await(180, TimeUnit.SECONDS);
                  return task.call();
                }));
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> each : running) {
        answers.add(each.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new AssertionError("a task failed", e.getCause());
    }
  }
}
