package io.quikqueue.domain.usecase.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryAuditLog;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class AuditTrailTest {

  private static final Caller ANN = Caller.known("key:ann", Role.ADMIN, "192.0.2.1");

  private final SettableClock clock = new SettableClock();
  private final AtomicLong nanos = new AtomicLong();
  private final InMemoryAuditLog log = new InMemoryAuditLog();
  private final Flaky<AuditLog> flaky = new Flaky<>(AuditLog.class, log);
  private final JobIds ids = new JobIds(clock, new Random(36));
  private final AuditTrail trail =
      new AuditTrail(flaky.port(), ids, nanos::get, Duration.ofMinutes(5));

  private List<AuditRecord> all() {
    return log.list(AuditLog.Query.all(null, 1000));
  }

  private JobId begun(String target) {
    return trail.begin(ANN, AuditKind.CHANGE, "pauseQueue", target);
  }

  private void minutePasses() {
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
  }

  @Test
  void aChangeIsWrittenBeforeItIsMadeAndItsOutcomeAfter() {
    JobId record = begun("mails");

    assertThat(all()).hasSize(1);
    AuditRecord before = all().getFirst();
    assertThat(before.caller()).isEqualTo("key:ann");
    assertThat(before.address()).isEqualTo("192.0.2.1");
    assertThat(before.target()).isEqualTo("mails");
    assertThat(before.status()).isNull();
    assertThat(before.at()).isEqualTo(clock.instant().truncatedTo(ChronoUnit.MILLIS));

    trail.finish(record, 200, null);
    trail.write();

    assertThat(all()).containsExactly(before.finished(200, null));
  }

  @Test
  void theAnswerNamesWhatWasCreated() {
    JobId record = trail.begin(ANN, AuditKind.CHANGE, "createKey", null);

    trail.finish(record, 201, "0123456789abcdef");
    trail.write();

    assertThat(all().getFirst().target()).isEqualTo("0123456789abcdef");
  }

  @Test
  void aChangeThatCannotBeWrittenMustNotBeMade() {
    flaky.down();

    assertThatThrownBy(() -> begun("mails")).isInstanceOf(UnavailableException.class);
    assertThat(all()).isEmpty();
  }

  @Test
  void changesThatComeAtOnceShareATransaction() {
    List<Thread> threads = new ArrayList<>();
    whileAllWrite(() -> threads.addAll(handedIn(50)));

    threads.forEach(AuditTrailTest::join);

    assertThat(all()).hasSize(52);
    assertThat(flaky.calls("append")).isLessThanOrEqualTo(4);
  }

  @Test
  void oneConnectionThatHangsDoesNotStopOtherChanges() {
    flaky.beforeNext("append", () -> begun("others"));

    begun("hangs meanwhile");

    assertThat(all()).extracting(AuditRecord::target).contains("others", "hangs meanwhile");
  }

  @Test
  void nobodyTakesAllPlacesOfThoseWhoWait() {
    List<Thread> threads = new ArrayList<>();
    int most = SharedAppends.MOST_OF_CALLER;
    whileAllWrite(
        () -> {
          threads.addAll(handedIn(most));
          assertThatThrownBy(() -> begun("one too many")).isInstanceOf(OverloadedException.class);
        });

    threads.forEach(AuditTrailTest::join);

    assertThat(all()).hasSize(most + 2);
    begun("again");
  }

  /** Calls this while two transactions are under way, which is all there may be. */
  private void whileAllWrite(Runnable meanwhile) {
    CountDownLatch over = new CountDownLatch(1);
    List<Thread> second = new ArrayList<>();
    Runnable signIn = () -> trail.signedIn(Caller.nobody("192.0.2.9"), "bob", "login", 200);
    flaky.beforeNext(
        "append",
        () -> {
          flaky.beforeNext(
              "append",
              () -> {
                meanwhile.run();
                over.countDown();
              });
          second.add(Thread.startVirtualThread(signIn));
          awaitZero(over);
        });
    signIn.run();
    second.forEach(AuditTrailTest::join);
    assertThat(over.getCount()).isZero();
  }

  /** As many changes, each on a thread that waits for its record. */
  private List<Thread> handedIn(int changes) {
    CountDownLatch begun = new CountDownLatch(changes);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      String target = "queue" + i;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                begun.countDown();
                begun(target);
              }));
    }
    awaitZero(begun);
    await().until(() -> threads.stream().allMatch(AuditTrailTest::isWaiting));
    return threads;
  }

  private static void awaitZero(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.WAITING;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneThatFailsFailsThoseThatShareItsTransactionAndNoOther() {
    flaky.loseAnswers(1);
    assertThatThrownBy(() -> begun("mails")).isInstanceOf(UnavailableException.class);

    begun("others");

    assertThat(all()).extracting(AuditRecord::target).contains("others");
  }

  @Test
  void aProcessThatDiesLeavesARecordWithoutAnOutcome() {
    JobId record = begun("mails");
    trail.finish(record, 200, null); // not written any more
    try (AuditTrail next = new AuditTrail(log, ids, nanos::get)) {
      next.write();

      assertThat(new ReadAudit(log, next).list(ANN, AuditLog.Query.all(null, 10)))
          .extracting(AuditRecord::status)
          .containsExactly((Integer) null);
    }
  }

  @Test
  void outcomesWaitForTheStore() {
    JobId record = begun("mails");
    flaky.down();
    trail.finish(record, 200, null);
    assertThatThrownBy(trail::write).isInstanceOf(UnavailableException.class);

    flaky.up();
    trail.write();

    assertThat(all().getFirst().status()).isEqualTo(200);
  }

  @Test
  void whatWaitsIsWrittenAtTheEnd() {
    JobId record = begun("mails");
    trail.finish(record, 200, null);
    trail.refused(ANN, "createKey", "role", 403);

    trail.close();

    assertThat(all()).extracting(AuditRecord::status).containsExactly(403, 200);
  }

  @Test
  void aSignInIsARecordOfTheUser() {
    trail.signedIn(Caller.nobody("192.0.2.9"), "ann", "login", 200);

    AuditRecord record = all().getFirst();
    assertThat(record.kind()).isEqualTo(AuditKind.SIGN_IN);
    assertThat(record.caller()).isEqualTo("user:ann");
    assertThat(record.address()).isEqualTo("192.0.2.9");
    assertThat(record.status()).isEqualTo(200);
  }

  @Test
  void refusalsOfAMinuteAreOneRecord() {
    Caller nobody = Caller.nobody("192.0.2.7");
    for (int i = 0; i < 1000; i++) {
      trail.refused(nobody, "authenticate", "no_key", 401);
    }
    trail.refused(ANN, "createKey", "role", 403);
    trail.write();
    assertThat(all()).isEmpty();

    minutePasses();
    trail.write();
    trail.write();

    assertThat(all())
        .extracting(each -> each.caller() + " " + each.reason() + " " + each.requests())
        .containsExactlyInAnyOrder("key:ann role 1", "anonymous no_key 1000");
    assertThat(all()).extracting(AuditRecord::kind).containsOnly(AuditKind.REFUSAL);
  }

  @Test
  void aCallerWhoIsRefusedInManyWaysTakesFewRecords() {
    IntStream.range(0, 500).forEach(i -> trail.refused(ANN, "action" + i, "role", 403));
    trail.refused(Caller.nobody("192.0.2.7"), "authenticate", "no_key", 401);
    trail.writeAll();

    assertThat(all()).hasSize(RefusalCounts.MOST_BY_CALLER + 2);
    assertThat(all().getFirst().reason()).isEqualTo("no_key");
    assertThat(all().get(1).action()).isEqualTo(RefusalCounts.OTHERS);
    assertThat(all().get(1).caller()).isEqualTo("key:ann");
    assertThat(all().get(1).requests()).isEqualTo(500 - RefusalCounts.MOST_BY_CALLER);
  }

  @Test
  void manyAddressesTakeFewRecords() {
    IntStream.range(0, 10_000)
        .forEach(i -> trail.refused(Caller.nobody("10.0.0." + i), "authenticate", "no_key", 401));
    trail.writeAll();

    assertThat(all()).hasSize(RefusalCounts.MOST + 1);
    assertThat(all().getFirst().address()).isEqualTo(RefusalCounts.OTHERS);
    assertThat(all().stream().mapToInt(AuditRecord::requests).sum()).isEqualTo(10_000);
  }

  @Test
  void strangersOfManyNetworksHideNoCallerWhoIsKnown() {
    IntStream.range(0, 250)
        .forEach(i -> trail.refused(Caller.nobody("10.0.0." + i), "authenticate", "no_key", 401));
    trail.refused(ANN, "createKey", "role", 403);

    trail.writeAll();

    assertThat(all())
        .filteredOn(record -> record.caller().equals("key:ann"))
        .extracting(AuditRecord::action)
        .containsExactly("createKey");
    assertThat(all()).hasSize(RefusalCounts.MOST + 2);
  }

  @Test
  void refusalsAreWrittenOnceThoughTheAnswerIsLost() {
    trail.refused(ANN, "createKey", "role", 403);
    flaky.loseAnswers(1);
    assertThatThrownBy(trail::writeAll).isInstanceOf(UnavailableException.class);

    trail.refused(ANN, "createKey", "role", 403);
    trail.writeAll();
    trail.writeAll();

    assertThat(all()).extracting(AuditRecord::requests).containsExactly(1, 1);
  }

  @Test
  void whoMayOnlyReadFillsTheLogWithLittle() {
    Caller other = Caller.known("key:bob", Role.VIEWER, "192.0.2.1");
    for (int i = 0; i < AuditTrail.MOST_OWN_CHANGES; i++) {
      assertThat(trail.mayChangeOwn(ANN, "changePassword")).isTrue();
    }

    assertThat(trail.mayChangeOwn(ANN, "changePassword")).isFalse();
    assertThat(trail.mayChangeOwn(other, "changePassword")).isTrue();
    assertThat(trail.mayChangeOwn(ANN, "logoutEverywhere"))
        .as("how a thief is got rid of")
        .isTrue();
    minutePasses();
    assertThat(trail.mayChangeOwn(ANN, "changePassword")).isTrue();
  }

  @Test
  void callersWhoChangeTheirAccountsAreBounded() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(mayChangeOwn("u" + i)).isTrue();
    }

    assertThat(trail.mayChangeOwn(ANN, "changePassword")).isFalse();
    assertThat(mayChangeOwn("u1")).isTrue();
  }

  private boolean mayChangeOwn(String user) {
    return trail.mayChangeOwn(Caller.user(user, Role.VIEWER, "192.0.2.1"), "changePassword");
  }

  @Test
  void textsAreCutToWhatThereIsRoomFor() {
    String smiles = "\uD83D\uDE00".repeat(300);
    trail.begin(ANN, AuditKind.CHANGE, "pauseQueue", "x" + smiles);

    assertThat(all().getFirst().target()).isEqualTo("x" + smiles.substring(0, 198));
  }

  @Test
  void whoReadsSeesOutcomesAndMakesNoMoreRecordsOfRefusals() {
    trail.finish(begun("mails"), 200, null);
    trail.refused(ANN, "createKey", "role", 403);
    ReadAudit read = new ReadAudit(log, trail);

    assertThat(read.list(ANN, AuditLog.Query.all(null, 10)))
        .extracting(AuditRecord::status)
        .containsExactly(200);
  }

  @Test
  void recordsAreReadThoughNothingCanBeWritten() {
    trail.finish(begun("mails"), 200, null);
    flaky.down();

    assertThat(new ReadAudit(log, trail).list(ANN, AuditLog.Query.all(null, 10))).hasSize(1);
  }

  @Test
  void recordsOfJobsGoWithTheJobsAndOthersLater() {
    trail.begin(ANN, AuditKind.JOB, "cancelJob", "x");
    begun("mails");
    trail.signedIn(ANN, "ann", "login", 200);
    trail.refused(ANN, "createKey", "role", 403);
    trail.writeAll();
    PruneAudit prune = new PruneAudit(log, clock, Duration.ofDays(90), Duration.ofDays(7));

    clock.advance(Duration.ofDays(7).plusMillis(1));
    assertThat(prune.prune()).isFalse();
    assertThat(all())
        .extracting(AuditRecord::kind)
        .containsExactly(AuditKind.REFUSAL, AuditKind.SIGN_IN, AuditKind.CHANGE);

    clock.advance(Duration.ofDays(83));
    prune.prune();
    assertThat(all()).isEmpty();

    begun("mails");
    new PruneAudit(log, clock, Duration.ofDays(36_500), Duration.ofDays(36_500)).prune();
    assertThat(all()).as("kept for a hundred years").hasSize(1);
  }
}
