package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a {@link io.quikqueue.domain.port.JobStore} guarantees about a FAILED job that holds the
 * line of its ordering key: nobody behind it starts until it is retried or passed, and nobody
 * deletes it until then.
 */
public abstract class HeldLinesContract extends StoreContract {

  @Test
  void aFailedHeadHoldsItsLine() {
    List<Job> line = line(3);

    SaveResult result = stores.jobs().save(List.of(fails(line.get(0))));

    assertThat(result.ready()).isEmpty();
    assertThat(found(line.get(0).id()).holdsLine()).isTrue();
    assertThat(found(line.get(1).id())).isEqualTo(line.get(1));
    assertThat(stores.dependencies().needs(line.get(1).id())).contains(line.get(0).id());
    assertThat(stores.dependencies().holdsLine(line.get(0).id())).isTrue();
    assertThat(stores.dependencies().holdsLine(line.get(1).id())).isFalse();
    assertThat(stores.dependencies().releaseForgotten(1000)).isEmpty();
    assertThat(accepted(held()).state()).isEqualTo(JobState.WAITING);
  }

  @Test
  void aWorkerThatKnowsTheHeadFromItsMessageHoldsTheLine() throws Exception {
    List<Job> line = line(2);

    saved(fails(JobBody.read(JobBody.write(line.get(0)))));

    assertThat(found(line.get(0).id()).holdsLine()).isTrue();
    assertThat(found(line.get(1).id()).state()).isEqualTo(JobState.WAITING);
  }

  @ParameterizedTest
  @EnumSource(names = {"SUCCEED", "CANCEL", "EXPIRE"})
  void onlyAHeadThatFailsHoldsItsLine(Verb end) {
    List<Job> line = line(2);

    saved(line.get(0), end);

    assertThat(found(line.get(1).id()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aHeldLineWithNobodyBehindItHoldsWhoComesLater() {
    Job head = line(1).getFirst();
    saved(fails(head));

    Job later = accepted(jobs.aJob().with(it -> it.orderingKey("k")).queued());

    assertThat(later.state()).isEqualTo(JobState.WAITING);
    assertThat(stores.dependencies().needs(later.id())).contains(head.id());
  }

  @Test
  void aHeadThatIsRetriedRunsBeforeAllOthersOfItsLine() {
    List<Job> line = line(3);
    Job failed = saved(fails(line.get(0)));

    SaveResult retried = stores.jobs().save(List.of(failed.retry(tick())));

    assertThat(retried.behind()).isEmpty();
    assertThat(retried.ready()).containsExactly(found(failed.id()));
    assertThat(found(failed.id()).state()).isEqualTo(JobState.QUEUED);
    assertThat(found(line.get(1).id()).state()).isEqualTo(JobState.WAITING);
    Job again = saved(fails(found(failed.id())));
    assertThat(again.holdsLine()).as("holds it again").isTrue();
    assertThat(found(line.get(1).id()).state()).isEqualTo(JobState.WAITING);
    saved(saved(again, Verb.RETRY), Verb.SUCCEED);
    assertThat(found(line.get(1).id()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aHeadThatIsPassedLetsTheNextGo() {
    List<Job> line = line(3);
    Job failed = saved(fails(line.get(0)));

    SaveResult passed = stores.jobs().save(List.of(failed.pass(tick())));

    assertThat(passed.ready()).containsExactly(found(line.get(1).id()));
    assertThat(found(line.get(1).id()).state()).isEqualTo(JobState.QUEUED);
    assertThat(found(line.get(2).id()).state()).isEqualTo(JobState.WAITING);
    Job head = found(failed.id());
    assertThat(head.state()).isEqualTo(JobState.FAILED);
    assertThat(head.error()).isEqualTo(failed.error());
    assertThat(head.finishedAt()).isEqualTo(failed.finishedAt());
    assertThat(head.holdsLine()).isFalse();
    assertThat(head.can(Verb.PASS)).isFalse();
    assertThat(stores.queues().find("default").orElseThrow().finished()).isEqualTo(1);
    assertThat(stores.dead().groups(new DeadGroupQuery(null, null, null, null, 10)).groups())
        .singleElement()
        .satisfies(group -> assertThat(group.count()).isEqualTo(1));
    assertThat(stores.dependencies().releaseForgotten(1000)).isEmpty();
  }

  @Test
  void aHeadThatWasPassedGoesToTheEndOfItsLineAndMayHoldItAgain() {
    List<Job> line = line(2);
    Job passed = saved(saved(fails(line.get(0))), Verb.PASS);

    SaveResult retried = stores.jobs().save(List.of(passed.retry(tick())));

    assertThat(retried.behind()).containsExactly(found(passed.id()));
    assertThat(found(passed.id()).spec().onFailedHead()).isEqualTo(OnFailedHead.HOLD);
    saved(found(line.get(1).id()), Verb.SUCCEED);
    assertThat(saved(fails(found(passed.id()))).holdsLine()).isTrue();
    assertThat(accepted(held()).state()).isEqualTo(JobState.WAITING);
  }

  @Test
  void ofARetryAndAPassAtTheSameTimeOneTakesEffect() {
    List<Job> line = line(2);
    Job failed = saved(fails(line.get(0)));
    saved(failed, Verb.PASS);

    assertThat(save(failed.retry(tick()))).isEmpty();
    assertThat(save(failed.pass(tick()))).isEmpty();

    assertThat(found(failed.id()).state()).isEqualTo(JobState.FAILED);
    assertThat(found(line.get(1).id()).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void nobodyDeletesAHeadThatHoldsItsLine() {
    List<Job> line = line(2);
    Job failed = saved(fails(line.get(0)));
    List<JobId> ids = List.of(failed.id());

    assertThat(stores.jobs().deleteEnded(ids)).isZero();
    assertThat(stores.jobs().prune(tick().plusSeconds(60), 10)).isZero();
    assertThat(
            stores
                .jobs()
                .ended("default", JobState.FAILED, null, tick().plusSeconds(60), 10)
                .jobs())
        .isEmpty();

    saved(failed, Verb.PASS);
    assertThat(
            stores
                .jobs()
                .ended("default", JobState.FAILED, null, tick().plusSeconds(60), 10)
                .jobs())
        .isEqualTo(ids);
    assertThat(stores.jobs().deleteEnded(ids)).isEqualTo(1);
  }

  private Transition fails(Job job) {
    return job.fail(new Failure("no such customer", true), 0.5, tick());
  }

  private List<Job> line(int length) {
    return Stream.generate(() -> accepted(held())).limit(length).toList();
  }

  private Job held() {
    return jobs.aJob().with(it -> it.orderingKey("k").onFailedHead(OnFailedHead.HOLD)).queued();
  }

  private Job accepted(Job job) {
    return ((SubmitResult.Accepted)
            stores.jobs().submit(List.of(new Submission(job, null))).getFirst())
        .job();
  }
}
