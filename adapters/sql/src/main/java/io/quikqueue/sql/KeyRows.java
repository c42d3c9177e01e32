package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * The idempotency keys: who wrote a key's row first owns it. Keys are written in ascending order,
 * and a row that is there is locked by the attempt to write it, so that of two who come at once the
 * second waits until the first has committed or given up.
 */
final class KeyRows {

  private static final String INSERT =
      "INSERT INTO idempotency_keys (idempotency_key, fingerprint, job_id, created_at) VALUES";
  private static final String SELECT =
      """
      SELECT idempotency_key, fingerprint, job_id FROM idempotency_keys
      WHERE idempotency_key IN (%s)""";
  private static final int MOST = 512;

  private record Owner(String fingerprint, JobId job) {}

  private record Claim(IdempotencyKey key, Job job) {}

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
    Map<String, Owner> owners = owners(handle.getConnection(), List.copyOf(firsts.keySet()));
    List<Claim> replayed = new ArrayList<>();
    for (Claim claim : claims) {
      Owner owner = owners.get(claim.key().key());
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

  private static List<Claim> claims(List<Submission> batch, List<Submission> order) {
    Set<JobId> ids = new HashSet<>();
    for (Submission each : batch) {
      if (each.key() != null) {
        ids.add(each.job().id());
      }
    }
    if (ids.isEmpty()) {
      return List.of();
    }
    List<Claim> claims = new ArrayList<>();
    for (Submission each : order) {
      IdempotencyKey key = each.key();
      if (key != null && ids.remove(each.job().id())) {
        claims.add(new Claim(key, each.job()));
      }
    }
    return claims;
  }

  /** Answers with the jobs that the keys made: stored before, or about to be in this batch. */
  private void replay(
      Connection connection,
      List<Claim> replayed,
      Map<String, Owner> owners,
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
          Job job = JobColumns.read(row);
          jobs.put(job.id(), job);
        });
    for (Claim claim : replayed) {
      Job job = jobs.get(owner(owners, claim).job());
      answers.put(
          claim.job().id(),
          job == null
              ? new SubmitResult.Refused("its idempotency key belongs to a job that is gone")
              : new SubmitResult.Replayed(job));
    }
  }

  private static Owner owner(Map<String, Owner> owners, Claim claim) {
    Owner owner = owners.get(claim.key().key());
    if (owner == null) {
      throw new IllegalStateException("an idempotency key vanished under its lock");
    }
    return owner;
  }

  private void insert(Connection connection, List<Claim> claims) throws SQLException {
    dialect.insert(
        connection,
        INSERT,
        4,
        dialect.keepExisting("job_id"),
        claims,
        _ -> 0,
        (statement, at, claim) -> {
          statement.setString(at + 1, claim.key().key());
          statement.setBytes(at + 2, fingerprint(claim.key()));
          statement.setBytes(at + 3, claim.job().id().bytes());
          statement.setLong(at + 4, Micros.of(claim.job().createdAt()));
        });
  }

  /** The job that the same request made under this key. */
  static Optional<JobId> job(Connection connection, IdempotencyKey key) throws SQLException {
    return Optional.ofNullable(owners(connection, List.of(key.key())).get(key.key()))
        .filter(owner -> key.isSameRequest(owner.fingerprint()))
        .map(Owner::job);
  }

  private static Map<String, Owner> owners(Connection connection, List<String> keys)
      throws SQLException {
    Map<String, Owner> owners = new HashMap<>();
    for (int from = 0; from < keys.size(); from += MOST) {
      List<String> part = keys.subList(from, Math.min(from + MOST, keys.size()));
      String sql = SELECT.formatted(MultiRow.marks(part.size()));
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < MultiRow.padded(part.size()); i++) {
          statement.setString(i + 1, part.get(Math.min(i, part.size() - 1)));
        }
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            owners.put(
                new String(rows.getBytes(1), StandardCharsets.US_ASCII),
                new Owner(HexFormat.of().formatHex(rows.getBytes(2)), JobId.of(rows.getBytes(3))));
          }
        }
      }
    }
    return owners;
  }

  private static byte[] fingerprint(IdempotencyKey key) {
    return HexFormat.of().parseHex(key.fingerprint());
  }
}
