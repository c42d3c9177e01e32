package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.SaveResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a {@link io.quikqueue.domain.port.JobStore} guarantees about callbacks: the job that tells
 * of an end is stored in the transaction of the end, once, whatever ends the job.
 */
public abstract class CallbacksContract extends StoreContract {

  private static final Callback ANY =
      new Callback("https://example.com/hook?k=1", Callback.ANY_END);

  @ParameterizedTest
  @EnumSource(names = {"DONE", "FAILED", "CANCELLED", "EXPIRED"})
  void howeverAJobEndsItsCallbackIsStoredWithTheEnd(JobState end) {
    Job job = submitted(calling(ANY));
    Transition ends = ended(job, end);

    SaveResult result = stores.jobs().save(List.of(ends));

    Job callback = callbackOf(ends.after());
    assertThat(callback.state()).isEqualTo(JobState.QUEUED);
    assertThat(callback.attempt()).isEqualTo(1);
    assertThat(callback.spec().type()).isEqualTo(CallbackJobs.TYPE);
    assertThat(callback.spec().queue()).isEqualTo(CallbackJobs.QUEUE);
    assertThat(callback.spec().group()).isEqualTo("example.com");
    assertThat(callback.spec().labels()).isEqualTo(Map.of("callback_of", job.id().toString()));
    assertThat(callback.spec().callback()).isNull();
    assertThat(callback.spec().payload()).contains("\"job." + Callback.name(end) + "\"");
    assertThat(result.applied()).containsExactly(job.attemptId());
    assertThat(result.ready()).containsExactly(callback);
    assertThat(stores.queues().find(CallbackJobs.QUEUE).orElseThrow().jobs())
        .isEqualTo(Map.of(JobState.QUEUED, 1L));
    assertThat(stores.queues().find(CallbackJobs.QUEUE).orElseThrow().submitted()).isOne();
  }

  @Test
  void aCallbackIsAnnouncedThroughTheOutbox() {
    Job job = submitted(calling(ANY));
    Job done = saved(job, Verb.SUCCEED);

    assertThat(Objects.requireNonNull(stores.outbox()).pending(tick().plusSeconds(60), 10))
        .contains(callbackOf(done));
  }

  @Test
  void aWorkerThatKnowsAJobFromItsMessageMakesItsCallback() throws Exception {
    Job job = submitted(calling(ANY));
    Job known = JobBody.read(JobBody.write(job));

    Job done = saved(known, Verb.SUCCEED);

    assertThat(callbackOf(done).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void anEndThatIsNotToBeToldOfMakesNone() {
    Job job = submitted(calling(new Callback(ANY.url(), Set.of(JobState.FAILED))));

    Job done = saved(job, Verb.SUCCEED);

    assertThat(CallbackJobs.idOf(done)).isNull();
    assertThat(allJobs()).containsExactly(job.id());
  }

  @Test
  void attemptsThatAreNotTheLastMakeNone() {
    Job job = submitted(calling(ANY));
    for (Verb verb :
        List.of(Verb.START, Verb.FAIL, Verb.WAKE, Verb.RESCUE, Verb.RELEASE, Verb.POSTPONE)) {
      job = saved(job, verb);
    }

    assertThat(allJobs()).containsExactly(job.id());
  }

  @Test
  void anEndThatIsSavedTwiceMakesOne() {
    Job job = submitted(calling(ANY));
    Transition ends = ended(job, JobState.DONE);

    SaveResult first = stores.jobs().save(List.of(ends));
    SaveResult again = stores.jobs().save(List.of(ends));

    assertThat(again.applied()).isEqualTo(first.applied());
    assertThat(again.ready()).isEmpty();
    assertThat(allJobs()).containsExactlyInAnyOrder(job.id(), callbackOf(ends.after()).id());
  }

  @Test
  void anEndThatComesTooLateMakesNone() {
    Job job = submitted(calling(ANY));
    Transition late = ended(job, JobState.DONE);
    Job cancelled = saved(job, Verb.CANCEL);

    assertThat(save(late)).isEmpty();

    assertThat(allJobs()).containsExactlyInAnyOrder(job.id(), callbackOf(cancelled).id());
  }

  @Test
  void aRetryByHandThatEndsAgainMakesAnother() {
    Job job = submitted(calling(ANY));
    Job failed = saved(ended(job, JobState.FAILED));
    Job retried = saved(failed, Verb.RETRY);
    assertThat(CallbackJobs.idOf(retried)).isNull();

    Job done = saved(retried, Verb.SUCCEED);

    assertThat(callbackOf(done).id()).isNotEqualTo(callbackOf(failed).id());
    assertThat(allJobs()).hasSize(3);
  }

  @Test
  void aCallbackThatEndsMakesNone() {
    Job done = saved(submitted(calling(ANY)), Verb.SUCCEED);

    saved(callbackOf(done), Verb.SUCCEED);

    assertThat(allJobs()).hasSize(2);
  }

  @Test
  void aBatchMakesOneForEachThatIsToHaveOne() {
    List<Job> batch =
        IntStream.range(0, 40)
            .mapToObj(i -> i % 2 == 0 ? calling(ANY) : jobs.aQueuedJob())
            .toList();
    submitted(batch);
    List<Transition> ends = new ArrayList<>();
    batch.forEach(job -> ends.add(ended(job, JobState.DONE)));
    stores.jobs().save(ends.subList(0, 10)); // so that the batch cannot be applied whole

    SaveResult result = stores.jobs().save(ends);

    assertThat(result.ready()).hasSize(15);
    assertThat(allJobs()).hasSize(60);
    for (int i = 0; i < ends.size(); i += 2) {
      assertThat(callbackOf(ends.get(i).after()).state()).isEqualTo(JobState.QUEUED);
    }
  }

  @Test
  void whatIsToBeToldIsStoredWithTheJob() {
    Callback callback = new Callback("http://bücher.example/ä?q=€", Set.of(JobState.EXPIRED));

    Job job = submitted(calling(callback));

    assertThat(found(job.id())).isEqualTo(job);
    assertThat(found(job.id()).spec().callback()).isEqualTo(callback);
  }

  private Job calling(Callback callback) {
    return jobs.aJob().with(spec -> spec.callback(callback)).queued();
  }

  private Job callbackOf(Job ended) {
    JobId id = Objects.requireNonNull(CallbackJobs.idOf(ended));
    Job stored = CallbackJobs.idOf(found(ended.id())) == null ? null : found(id);
    return Objects.requireNonNull(stored);
  }

  private Transition ended(Job job, JobState end) {
    return switch (end) {
      case DONE -> job.succeed("{\"n\":1}", null, tick());
      case FAILED -> job.fail(new Failure("no such customer", true), 0.5, tick());
      case CANCELLED -> job.cancel(tick());
      case EXPIRED -> job.expire(tick());
      default -> throw new IllegalArgumentException(end + " is not an end");
    };
  }
}
