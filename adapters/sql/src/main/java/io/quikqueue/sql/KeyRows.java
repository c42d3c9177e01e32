package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency keys: who wrote a key's row first owns it until it expires. Keys are written in
 * ascending order, and a row that is there is locked by the attempt to write it, so that of two who
 * come at once the second waits until the first has committed or given up.
 */
final class KeyRows {

  private static final String INSERT =
      """
      INSERT INTO idempotency_keys (idempotency_key, fingerprint, job_id, created_at, expires_at)
      VALUES\
      """;
  private static final String SELECT =
      """
      SELECT idempotency_key, fingerprint, job_id, ended_as, expires_at FROM idempotency_keys
      WHERE idempotency_key IN (%s)\
      """;
  private static final String RELEASE =
      "DELETE FROM idempotency_keys WHERE idempotency_key = ? AND job_id = ?";
  private static final String MOVE =
      "UPDATE idempotency_keys SET job_id = ? WHERE idempotency_key = ? AND job_id = ?";
  private static final int MOST = 512;

  /**
   * What a key was used for.
   *
   * @param endedAs how the job ended that was deleted since; null = it is there
   * @param expires null = with its job, which an older version stored
   */
  record Use(String fingerprint, JobId job, @Nullable JobState endedAs, @Nullable Instant expires) {

    SubmitResult deleted() {
      return new SubmitResult.ReplayedDeleted(job, endedAs);
    }
  }

  private record Claim(IdempotencyKey key, Job job, Instant expires) {}

  private final Dialect dialect;

  KeyRows(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Claims the keys of a batch.
   *
   * @param order the submissions as the client sent them: of one key's the first comes first
   * @return answers for those whose key belongs to another job; the others may be stored
   */
  Map<JobId, SubmitResult> claim(Handle handle, List<Submission> batch, List<Submission> order)
      throws SQLException {
    Map<JobId, SubmitResult> answers = new HashMap<>();
    List<Claim> claims = claims(batch, order);
    if (claims.isEmpty()) {
      return answers;
    }
    TreeMap<String, Claim> firsts = new TreeMap<>();
    claims.forEach(claim -> firsts.putIfAbsent(claim.key().key(), claim));
    insert(handle.getConnection(), List.copyOf(firsts.values()));
    Map<String, Use> owners = owners(handle.getConnection(), List.copyOf(firsts.keySet()));
    List<Claim> replayed = new ArrayList<>();
    for (Claim claim : claims) {
      Use owner = owners.get(claim.key().key());
      if (owner == null) {
        throw new IllegalStateException("an idempotency key vanished under its lock");
      }
      if (owner.job().equals(claim.job().id())) {
        continue;
      }
      if (claim.key().isSameRequest(owner.fingerprint())) {
        replayed.add(claim);
      } else {
        answers.put(claim.job().id(), new SubmitResult.KeyReused(owner.job()));
      }
    }
    replay(handle.getConnection(), replayed, owners, firsts, answers);
    return answers;
  }

  /** Gives up keys that were claimed for jobs which are not stored after all. */
  static void release(Connection connection, List<Submission> refused) throws SQLException {
    List<Claim> claims = claims(refused, refused);
    claims.sort(Comparator.comparing(claim -> claim.key().key()));
    MultiRow.executeEach(
        connection,
        RELEASE,
        claims,
        (to, at, claim) -> {
          to.setString(at + 1, claim.key().key());
          to.setBytes(at + 2, claim.job().id().bytes());
        });
  }

  private record Move(IdempotencyKey key, JobId from, JobId to) {}

  /**
   * Takes their keys from the jobs that are not stored because others hold their slots: where such
   * a job is the answer, the key is its own from now on, else it is free again.
   */
  static void settle(
      Connection connection,
      List<Submission> batch,
      UniqueRows.Claims slots,
      Map<JobId, SubmitResult> answers)
      throws SQLException {
    List<Submission> freed = new ArrayList<>();
    List<Move> moved = new ArrayList<>();
    for (Submission each : batch) {
      IdempotencyKey key = each.key();
      JobId id = each.job().id();
      if (key == null || slots.refusal(id) == null) {
        continue;
      }
      switch (answers.get(id)) {
        case SubmitResult.Existing(Job holder) -> moved.add(new Move(key, id, holder.id()));
        case SubmitResult.Replaced(Job holder) -> moved.add(new Move(key, id, holder.id()));
        case null, default -> freed.add(each);
      }
    }
    release(connection, freed);
    MultiRow.executeEach(
        connection,
        MOVE,
        moved,
        (to, at, move) -> {
          to.setBytes(at + 1, move.to().bytes());
          to.setString(at + 2, move.key().key());
          to.setBytes(at + 3, move.from().bytes());
        });
  }

  private static List<Claim> claims(List<Submission> batch, List<Submission> order) {
    Set<JobId> ids = new HashSet<>();
    for (Submission each : batch) {
      if (each.key() != null) {
        ids.add(each.job().id());
      }
    }
    if (ids.isEmpty()) {
      return new ArrayList<>();
    }
    List<Claim> claims = new ArrayList<>();
    for (Submission each : order) {
      IdempotencyKey key = each.key();
      if (key != null && ids.remove(each.job().id())) {
        claims.add(new Claim(key, each.job(), each.keyExpires()));
      }
    }
    return claims;
  }

  /** Answers with the jobs that the keys made: stored before, or about to be in this batch. */
  private void replay(
      Connection connection,
      List<Claim> replayed,
      Map<String, Use> owners,
      Map<String, Claim> firsts,
      Map<JobId, SubmitResult> answers)
      throws SQLException {
    Map<JobId, Job> jobs = new HashMap<>();
    for (Claim first : firsts.values()) {
      jobs.put(first.job().id(), first.job());
    }
    List<JobId> ids =
        Ids.sorted(replayed.stream().map(claim -> owner(owners, claim).job()).toList());
    Ids.query(
        connection,
        dialect.jobsById(),
        ids,
        row -> {
          Job job = JobColumns.read(row, dialect.cipher());
          jobs.put(job.id(), job);
        });
    for (Claim claim : replayed) {
      Job job = jobs.get(owner(owners, claim).job());
      answers.put(
          claim.job().id(),
          job == null ? owner(owners, claim).deleted() : new SubmitResult.Replayed(job));
    }
  }

  private static Use owner(Map<String, Use> owners, Claim claim) {
    Use owner = owners.get(claim.key().key());
    if (owner == null) {
      throw new IllegalStateException("an idempotency key vanished under its lock");
    }
    return owner;
  }

  private void insert(Connection connection, List<Claim> claims) throws SQLException {
    dialect.insert(
        connection,
        INSERT,
        5,
        dialect.takeExpiredKey(),
        claims,
        _ -> 0,
        (statement, at, claim) -> {
          statement.setString(at + 1, claim.key().key());
          statement.setBytes(at + 2, fingerprint(claim.key()));
          statement.setBytes(at + 3, claim.job().id().bytes());
          statement.setLong(at + 4, Micros.of(claim.job().createdAt()));
          statement.setLong(at + 5, Micros.of(claim.expires()));
        });
  }

  /** What the same request made under this key, if the key has not expired by then. */
  static Optional<Use> use(Connection connection, IdempotencyKey key, Instant now)
      throws SQLException {
    return Optional.ofNullable(owners(connection, List.of(key.key())).get(key.key()))
        .filter(use -> key.isSameRequest(use.fingerprint()))
        .filter(use -> use.expires() == null || use.expires().isAfter(now));
  }

  private static Map<String, Use> owners(Connection connection, List<String> keys)
      throws SQLException {
    Map<String, Use> owners = new HashMap<>();
    for (int from = 0; from < keys.size(); from += MOST) {
      List<String> part = keys.subList(from, Math.min(from + MOST, keys.size()));
      try (PreparedStatement statement = prepare(connection, SELECT, part);
          ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          owners.put(text(rows.getBytes(1)), use(rows));
        }
      }
    }
    return owners;
  }

  private static Use use(ResultSet row) throws SQLException {
    int code = row.getInt(4);
    JobState endedAs = row.wasNull() ? null : JobState.ofCode(code);
    return new Use(
        HexFormat.of().formatHex(row.getBytes(2)),
        JobId.of(row.getBytes(3)),
        endedAs,
        Micros.read(row, 5));
  }

  /** A statement with {@code %s} for a list of keys, with these bound. */
  static PreparedStatement prepare(Connection connection, String sql, List<String> keys)
      throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(sql.formatted(MultiRow.marks(keys.size())));
    for (int i = 0; i < MultiRow.padded(keys.size()); i++) {
      statement.setString(i + 1, keys.get(Math.min(i, keys.size() - 1)));
    }
    return statement;
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.US_ASCII);
  }

  private static byte[] fingerprint(IdempotencyKey key) {
    return HexFormat.of().parseHex(key.fingerprint());
  }
}
