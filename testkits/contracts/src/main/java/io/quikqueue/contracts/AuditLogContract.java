package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.port.AuditLog.Outcome;
import io.quikqueue.domain.port.AuditLog.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link AuditLog} guarantees: records come back as they were added, newest first; an outcome
 * comes once; only what is old goes.
 */
public abstract class AuditLogContract {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final String LONGEST = "ä".repeat(AuditRecord.MOST_CHARS);

  private final Random random = new Random(36);
  private AuditLog log;
  private Instant now = START;
  private JobIds ids;

  /** An empty log. */
  protected abstract AuditLog open();

  @BeforeEach
  void openLog() {
    log = open();
    ids = new JobIds(() -> now, random);
  }

  private AuditRecord begun(AuditKind kind, String caller, String action, @Nullable String target) {
    now = now.plusSeconds(1);
    return AuditRecord.begun(ids.next(), kind, caller, "10.0.0.1", action, target);
  }

  private AuditRecord added(AuditKind kind, String caller, String action, @Nullable String target) {
    AuditRecord record = begun(kind, caller, action, target);
    log.append(List.of(record));
    return record;
  }

  private List<AuditRecord> all() {
    return log.list(Query.all(null, 100));
  }

  @Test
  void recordsComeBackAsTheyWereAddedNewestFirst() {
    AuditRecord change = begun(AuditKind.CHANGE, "key:ä", "pauseQueue", "mails ü");
    AuditRecord signIn = begun(AuditKind.SIGN_IN, "user:1", "login", null).finished(200, null);
    AuditRecord refusal =
        new AuditRecord(
            ids.next(),
            AuditKind.REFUSAL,
            LONGEST,
            "2001:0db8:0000:0000::/64",
            "a".repeat(AuditRecord.MOST_WORD_CHARS),
            LONGEST,
            401,
            "r".repeat(AuditRecord.MOST_WORD_CHARS),
            Integer.MAX_VALUE);
    log.append(List.of(change, signIn));
    log.append(List.of(refusal));
    log.append(List.of());

    assertThat(all()).containsExactly(refusal, signIn, change);
    assertThat(change.at()).isEqualTo(START.plusSeconds(1));
  }

  @Test
  void aRecordThatIsThereStaysAsItIs() {
    AuditRecord first = added(AuditKind.CHANGE, "key:1", "pauseQueue", "mails");
    AuditRecord other =
        AuditRecord.begun(first.id(), AuditKind.JOB, "key:2", "10.0.0.2", "cancelJob", "x");
    AuditRecord second = begun(AuditKind.JOB, "key:2", "cancelJob", "x");

    log.append(List.of(other, second));

    assertThat(all()).containsExactly(second, first);
  }

  @Test
  void anOutcomeComesOnce() {
    AuditRecord created = added(AuditKind.CHANGE, "key:1", "createKey", null);
    AuditRecord paused = added(AuditKind.CHANGE, "key:1", "pauseQueue", "mails");
    AuditRecord open = added(AuditKind.CHANGE, "key:1", "pauseQueue", "mails");
    JobId unknown = ids.next();

    log.finish(
        List.of(
            new Outcome(created.id(), 201, LONGEST),
            new Outcome(unknown, 200, null),
            new Outcome(paused.id(), 404, "other")));
    log.finish(List.of(new Outcome(created.id(), 500, "x"), new Outcome(paused.id(), 200, null)));
    log.finish(List.of());

    assertThat(all())
        .containsExactly(open, paused.finished(404, null), created.finished(201, LONGEST));
    assertThat(all().getFirst().status()).isNull();
  }

  @Test
  void recordsAreFoundByWhoDidWhatToWhatAndWhen() {
    AuditRecord change = added(AuditKind.CHANGE, "key:1", "pauseQueue", "mails");
    AuditRecord other = added(AuditKind.CHANGE, "key:2", "pauseQueue", "Mails");
    AuditRecord job = added(AuditKind.JOB, "key:1", "cancelJob", "mails ");

    assertThat(of(AuditKind.CHANGE, null, null, null)).containsExactly(other, change);
    assertThat(of(null, "key:1", null, null)).containsExactly(job, change);
    assertThat(of(null, "KEY:1", null, null)).isEmpty();
    assertThat(of(null, null, "pauseQueue", null)).containsExactly(other, change);
    assertThat(of(null, null, null, "mails")).containsExactly(change);
    assertThat(of(AuditKind.JOB, "key:1", "cancelJob", "mails ")).containsExactly(job);
    assertThat(of(AuditKind.JOB, "key:2", "cancelJob", "mails ")).isEmpty();
    assertThat(between(other.at(), null)).containsExactly(job, other);
    assertThat(between(null, other.at())).containsExactly(change);
    assertThat(between(other.at(), job.at())).containsExactly(other);
    assertThat(between(job.at().plusMillis(1), null)).isEmpty();
  }

  private List<AuditRecord> of(
      @Nullable AuditKind kind,
      @Nullable String caller,
      @Nullable String action,
      @Nullable String target) {
    return log.list(new Query(kind, caller, action, target, null, null, null, 10));
  }

  private List<AuditRecord> between(@Nullable Instant from, @Nullable Instant until) {
    return log.list(new Query(null, null, null, null, from, until, null, 10));
  }

  @Test
  void pagesGoOnWhereTheOneBeforeEnded() {
    List<AuditRecord> added = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      added.addFirst(begun(i % 2 == 0 ? AuditKind.JOB : AuditKind.CHANGE, "key:1", "x", null));
    }
    log.append(added);
    Query query = new Query(null, "key:1", null, null, START, START.plusSeconds(20), null, 4);

    List<AuditRecord> read = new ArrayList<>();
    List<AuditRecord> page = log.list(query);
    while (!page.isEmpty()) {
      read.addAll(page);
      added(AuditKind.JOB, "key:1", "y", null); // newer ones change nothing
      page = log.list(query.behind(page.getLast().id()));
    }

    assertThat(read).isEqualTo(added.subList(6, 25));
  }

  @Test
  void theOldestOfAKindGo() {
    AuditRecord job = added(AuditKind.JOB, "key:1", "x", null);
    AuditRecord change = added(AuditKind.CHANGE, "key:1", "x", null);
    AuditRecord second = added(AuditKind.JOB, "key:1", "x", null);
    AuditRecord third = added(AuditKind.JOB, "key:1", "x", null);

    assertThat(log.prune(AuditKind.JOB, third.at(), 1)).isEqualTo(1);
    assertThat(all()).containsExactly(third, second, change).doesNotContain(job);
    assertThat(log.prune(AuditKind.JOB, third.at(), 10)).isEqualTo(1);
    assertThat(log.prune(AuditKind.JOB, third.at(), 10)).isZero();
    assertThat(all()).containsExactly(third, change);
  }
}
