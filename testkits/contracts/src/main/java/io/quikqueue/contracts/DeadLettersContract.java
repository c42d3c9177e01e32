package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.dead.FailureKind;
import io.quikqueue.domain.dead.MessageTemplate;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.DeadGroup;
import io.quikqueue.domain.port.DeadGroupPage;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.DeadStatus;
import io.quikqueue.domain.port.JobPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link DeadLetters} guarantees, and {@link io.quikqueue.domain.port.JobStore} for it. */
public abstract class DeadLettersContract extends StoreContract {

  private static final String UNKNOWN = "00112233445566778899aabbccddeeff";

  private DeadLetters dead;

  @BeforeEach
  void setDead() {
    dead = stores.dead();
  }

  @Test
  void nothingIsDeadAtFirst() {
    assertThat(all()).isEmpty();
    assertThat(dead.group(UNKNOWN)).isEmpty();
    assertThat(dead.jobs(UNKNOWN, null, 10)).isEqualTo(new JobPage(List.of(), null));
  }

  @Test
  void jobsThatFailedInTheSameWayAreOneGroup() {
    Job first = failed("mails", "connect to 10.0.0.1:25 failed");
    Job second = failed("mails", "connect to 10.0.0.77:25 failed");
    Job other = failed("mails", "no such user");

    assertThat(all()).hasSize(2);
    assertThat(groupOf(second))
        .isEqualTo(
            new DeadGroup(
                groupOf(first).id(),
                new FailureKind("echo", "java.io.IOException", "connect to {n} failed"),
                DeadStatus.OPEN,
                2,
                updatedAt(first),
                updatedAt(second),
                second.id(),
                null,
                null,
                null));
    assertThat(groupOf(other).count()).isEqualTo(1);
  }

  @Test
  void typeAndErrorClassTellGroupsApart() {
    fail(submitted(jobs.aJob().type("a").queued()), "boom", "X");
    fail(submitted(jobs.aJob().type("A").queued()), "boom", "X");
    fail(submitted(jobs.aJob().type("a").queued()), "boom", "x");
    fail(submitted(jobs.aJob().type("a").queued()), "boom", null);
    fail(submitted(jobs.aJob().type("a").queued()), "Boom", null);

    assertThat(all()).hasSize(5).allMatch(group -> group.count() == 1);
  }

  @Test
  void whateverIsInAMessageIsKept() {
    Job job = failed("mails", "漢".repeat(2_000));
    Job wide = failed("mails", "\"🎉\" '\\' %s ?");

    assertThat(groupOf(job).kind().message()).startsWith("漢漢").hasSize(300).endsWith("…");
    assertThat(groupOf(wide).kind().message()).isEqualTo("\"🎉\" '\\' %s ?");
  }

  @Test
  void aBatchOfFailuresIsCounted() {
    List<Job> batch = jobs.queuedJobs(500);
    submitted(batch);
    List<Transition> failures = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      failures.add(
          batch.get(i).fail(new Failure(i % 2 == 0 ? "even " + i : "odd " + i, true), 0, tick()));
    }
    stores.jobs().save(failures);

    assertThat(all()).extracting(DeadGroup::count).containsExactly(250L, 250L);
  }

  @Test
  void whatDoesNotMakeAJobFailedCountsNothing() {
    stored(jobs.aJob(), JobState.RETRYING);
    stored(jobs.aJob(), JobState.DONE);
    stored(jobs.aJob(), JobState.CANCELLED);
    stored(jobs.aJob(), JobState.EXPIRED);

    assertThat(all()).isEmpty();
  }

  @Test
  void aFailureIsCountedOnceHoweverOftenItIsSaved() {
    Job job = submitted(jobs.aQueuedJob());
    Transition failure = job.fail(new Failure("boom", true), 0, tick());
    save(failure);
    save(failure);

    assertThat(groupOf(job).count()).isEqualTo(1);
  }

  @Test
  void aRetriedJobLeavesItsGroup() {
    Job retried = failed("mails", "boom 1");
    Job stays = failed("mails", "boom 2");
    Job queued = saved(retried, Verb.RETRY);

    assertThat(groupOf(stays).count()).isEqualTo(1);
    assertThat(groupOf(stays).sample()).isEqualTo(stays.id());
    assertThat(ids(dead.jobs(groupOf(stays).id(), null, 10).jobs())).containsExactly(stays.id());

    fail(queued, "boom 3", "java.io.IOException");
    assertThat(groupOf(stays).count()).isEqualTo(2);
  }

  @Test
  void deletedJobsLeaveTheirGroupsAndTheGroupStays() {
    Job deleted = failed("mails", "boom 1");
    Job pruned = failed("mails", "boom 2");
    String group = groupOf(deleted).id();

    stores.jobs().deleteEnded(List.of(deleted.id()));
    assertThat(groupOf(pruned).count()).isEqualTo(1);

    stores.jobs().prune(tick().plusSeconds(1), 10);
    DeadGroup empty = dead.group(group).orElseThrow();
    assertThat(empty.count()).isZero();
    assertThat(empty.sample()).isNull();
    assertThat(empty.lastSeen()).isEqualTo(updatedAt(pruned));
  }

  @Test
  void groupsAreListedNewestFirstByPages() {
    List<String> expected = new ArrayList<>();
    for (char c = 'a'; c < 'h'; c++) {
      expected.addFirst(groupOf(failed("mails", "kind " + c)).id());
    }
    failed("mails", "kind c");

    List<String> listed = new ArrayList<>();
    String after = null;
    do {
      DeadGroupPage page = dead.groups(new DeadGroupQuery(null, null, null, after, 3));
      assertThat(page.groups()).hasSizeLessThanOrEqualTo(3);
      page.groups().forEach(group -> listed.add(group.id()));
      after = page.next();
    } while (after != null);
    assertThat(listed).isEqualTo(expected);
    assertThat(dead.groups(new DeadGroupQuery(null, null, null, UNKNOWN, 3)).groups()).isEmpty();
    assertThat(dead.groups(new DeadGroupQuery(null, null, null, "no id", 3)).groups()).isEmpty();
  }

  @Test
  void groupsAreFilteredByTypeQueueAndStatus() {
    Job mail = failed("mails", "boom");
    failed("other", "boom");
    Job other = failed("other", "bang");
    Job typed = submitted(jobs.aJob().type("send").queue("mails").queued());
    fail(typed, "boom", "X");
    dead.set(groupOf(other).id(), DeadStatus.IGNORED, null, "me", tick());

    assertThat(list("echo", null, null)).hasSize(2);
    assertThat(list("send", null, null))
        .extracting(DeadGroup::id)
        .containsExactly(groupOf(typed).id());
    assertThat(list("Send", null, null)).isEmpty();
    assertThat(list(null, "other", null)).hasSize(2).allMatch(group -> group.count() == 1);
    assertThat(list("echo", "mails", null))
        .extracting(DeadGroup::id)
        .containsExactly(groupOf(mail).id());
    assertThat(list(null, null, DeadStatus.IGNORED))
        .extracting(DeadGroup::id)
        .containsExactly(groupOf(other).id());
    assertThat(list(null, "other", DeadStatus.OPEN)).hasSize(1);
    assertThat(list(null, "none", null)).isEmpty();

    saved(mail, Verb.RETRY);
    assertThat(list("echo", "mails", null)).isEmpty();
  }

  @Test
  void theJobsOfAGroupAreListedYoungestFirstByPages() {
    List<JobId> expected = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      expected.addFirst(failed("mails", "boom " + i).id());
      failed("mails", "bang");
    }
    String group = groupOf(found(expected.getFirst())).id();

    List<Job> listed = new ArrayList<>();
    JobId after = null;
    do {
      JobPage page = dead.jobs(group, after, 3);
      assertThat(page.jobs()).hasSizeLessThanOrEqualTo(3);
      listed.addAll(page.jobs());
      after = page.next();
    } while (after != null);
    assertThat(ids(listed)).isEqualTo(expected);
    assertThat(listed.getFirst()).isEqualTo(found(expected.getFirst()).summary());
  }

  @Test
  void aStatusIsSetWithItsNote() {
    Job job = failed("mails", "boom");
    var at = tick();
    String note = "漢\"".repeat(250);

    assertThat(dead.set(groupOf(job).id(), DeadStatus.IGNORED, note, "漢", at)).isTrue();
    assertThat(dead.set(UNKNOWN, DeadStatus.IGNORED, null, "me", at)).isFalse();
    assertThat(dead.set("no id", DeadStatus.IGNORED, null, "me", at)).isFalse();

    DeadGroup group = groupOf(job);
    assertThat(group.status()).isEqualTo(DeadStatus.IGNORED);
    assertThat(group.note()).isEqualTo(note);
    assertThat(group.by()).isEqualTo("漢");
    assertThat(group.statusAt()).isEqualTo(at);
  }

  @Test
  void aNewFailureOpensWhatWasResolved() {
    String group = groupOf(failed("mails", "boom 1")).id();
    dead.set(group, DeadStatus.RESOLVED, "mended", "me", tick());
    assertThat(dead.group(group).orElseThrow().status()).isEqualTo(DeadStatus.RESOLVED);

    Job again = failed("mails", "boom 2");

    DeadGroup opened = dead.group(group).orElseThrow();
    assertThat(opened.status()).isEqualTo(DeadStatus.OPEN);
    assertThat(opened.note()).isEqualTo("mended");
    assertThat(opened.by()).isNull();
    assertThat(opened.statusAt()).isEqualTo(updatedAt(again));
  }

  @Test
  void whatIsIgnoredStaysSo() {
    String group = groupOf(failed("mails", "boom 1")).id();
    dead.set(group, DeadStatus.IGNORED, null, "me", tick());

    failed("mails", "boom 2");

    assertThat(dead.group(group).orElseThrow().status()).isEqualTo(DeadStatus.IGNORED);
    assertThat(dead.group(group).orElseThrow().count()).isEqualTo(2);
  }

  @Test
  void groupsWithoutJobsAreDeletedSomeTimeAfterTheirLastFailure() {
    Job gone = failed("mails", "gone");
    Job ignored = failed("mails", "ignored");
    Job present = failed("mails", "present");
    String group = groupOf(gone).id();
    dead.set(groupOf(ignored).id(), DeadStatus.IGNORED, null, "me", tick());
    stores.jobs().deleteEnded(List.of(gone.id(), ignored.id()));

    assertThat(dead.clean(updatedAt(gone), 10)).isZero();
    assertThat(dead.clean(tick().plus(Duration.ofDays(1)), 10)).isEqualTo(1);

    assertThat(dead.group(group)).isEmpty();
    assertThat(all()).hasSize(2);
    assertThat(groupOf(present).count()).isEqualTo(1);
    assertThat(failedAgain("gone").count()).isEqualTo(1);
  }

  @Test
  void whenThereAreTooManyGroupsFurtherOnesAreCountedTogether() {
    int most = DeadLetters.MOST;
    List<Job> batch = jobs.queuedJobs(most);
    submitted(batch);
    for (int from = 0; from < most; from += 250) {
      List<Transition> part = new ArrayList<>();
      for (int i = from; i < from + 250; i++) {
        part.add(batch.get(i).fail(new Failure("kind " + letters(i), true), 0, tick()));
      }
      stores.jobs().save(part);
    }

    Job known = failed("mails", "known", null, "kind " + letters(7));
    Job other = failed("mails", "other", null, "kind of its own");
    Job another = failed("mails", "another", null, "of another kind");
    Job typed = submitted(jobs.aJob().type("send").queued());
    fail(typed, "kind of a type", null);

    assertThat(groupOf(known).count()).isEqualTo(2);
    DeadGroup others = dead.group(groupOf(other, true).id()).orElseThrow();
    assertThat(others.count()).isEqualTo(2);
    assertThat(others.kind().message()).startsWith("other failures");
    assertThat(ids(dead.jobs(others.id(), null, 10).jobs()))
        .containsExactly(another.id(), other.id());
    assertThat(dead.group(groupOf(typed, true).id()).orElseThrow().count()).isEqualTo(1);

    dead.set(others.id(), DeadStatus.RESOLVED, null, "me", tick());
    failed("mails", "third", null, "a third kind");
    assertThat(dead.group(others.id()).orElseThrow().status()).isEqualTo(DeadStatus.OPEN);
    saved(other, Verb.RETRY);
    assertThat(dead.group(others.id()).orElseThrow().count()).isEqualTo(2);
  }

  @Test
  void failuresOfOneKindAtTheSameMomentAreAllCounted() throws Exception {
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      List<Job> batch = jobs.queuedJobs(50);
      submitted(batch);
      tasks.add(
          () -> {
            int applied = 0;
            for (Job job : batch) {
              Transition failure = job.fail(new Failure("boom", true), 0, jobs.now());
              applied += stores.jobs().save(List.of(failure)).applied().size();
            }
            return applied;
          });
    }
    assertThat(atOnce(tasks)).containsOnly(50);

    assertThat(all()).singleElement().extracting(DeadGroup::count).isEqualTo(400L);
  }

  /** Letters that no two numbers have in common. */
  private static String letters(int number) {
    StringBuilder text = new StringBuilder();
    for (int rest = number + 1; rest > 0; rest /= 10) {
      text.append((char) ('g' + rest % 10));
    }
    return text.toString();
  }

  @Test
  void ofAGroupOnlyWhatIsWithinTheScopeIsTold() {
    Job own = failed("own", "boom");
    Job foreign = failed("other", "boom");
    failed("other", "only there");
    String group = groupOf(own, false).id();
    Scope scope = new Scope(Set.of("own", "none*"), Set.of("*"));

    DeadGroupPage page = dead.groups(new DeadGroupQuery(null, null, null, null, 9).within(scope));
    assertThat(page.groups())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.id()).isEqualTo(group);
              assertThat(each.count()).isEqualTo(1);
              assertThat(each.sample()).isEqualTo(own.id());
            });
    assertThat(dead.groups(new DeadGroupQuery(null, "own", null, null, 9).within(scope)).groups())
        .hasSize(1);
    assertThat(dead.groups(new DeadGroupQuery(null, "other", null, null, 9).within(scope)).groups())
        .as("of a foreign queue")
        .isEmpty();
    assertThat(dead.group(group, scope).orElseThrow().count()).isEqualTo(1);
    assertThat(dead.group(group).orElseThrow().count()).isEqualTo(2);
    assertThat(dead.jobs(group, scope, null, 9).jobs())
        .extracting(Job::id)
        .containsExactly(own.id());
    assertThat(dead.jobs(group, null, 9).jobs())
        .extracting(Job::id)
        .containsExactly(foreign.id(), own.id());
    Scope others = new Scope(Set.of("*"), Set.of("other"));
    assertThat(dead.group(group, others)).isEmpty();
    assertThat(dead.groups(new DeadGroupQuery(null, null, null, null, 9).within(others)).groups())
        .isEmpty();
  }

  private List<DeadGroup> all() {
    return list(null, null, null);
  }

  private List<DeadGroup> list(
      @Nullable String type, @Nullable String queue, @Nullable DeadStatus status) {
    return dead.groups(new DeadGroupQuery(type, queue, status, null, 500)).groups();
  }

  private DeadGroup failedAgain(String message) {
    return groupOf(failed("mails", message));
  }

  private Job failed(String queue, String message) {
    return fail(submitted(jobs.aJob().queue(queue).queued()), message, "java.io.IOException");
  }

  private Job failed(String queue, String label, @Nullable String errorClass, String message) {
    return fail(
        submitted(jobs.aJob().queue(queue).label("l", label).queued()), message, errorClass);
  }

  private Job fail(Job job, String message, @Nullable String errorClass) {
    return saved(job.fail(new Failure(message, true, errorClass, null), 0, tick()));
  }

  private static Instant updatedAt(Job job) {
    return job.updatedAt();
  }

  private DeadGroup groupOf(Job job) {
    return groupOf(job, false);
  }

  /** The group that this FAILED job is in. */
  private DeadGroup groupOf(Job job, boolean others) {
    Job now = found(job.id());
    var record = stores.jobs().attempts(job.id()).getLast();
    FailureKind kind =
        new FailureKind(
            now.spec().type(),
            record.errorClass(),
            MessageTemplate.of(String.valueOf(now.error())));
    return dead.group((others ? kind.others() : kind).id()).orElseThrow();
  }
}
