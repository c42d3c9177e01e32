package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UniqueSlot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who took a slot last. The slot is the hash of a scope and a key, and a row names its owner for as
 * long as that is kept; whether it still holds the slot is told by its own row in {@code jobs}, so
 * that nothing needs to be written here when a job ends. Rows are locked in ascending order, and
 * before rows of {@code jobs}.
 */
final class UniqueRows {

  private static final String INSERT = "INSERT INTO unique_jobs (slot, job_id) VALUES";
  private static final String SELECT = "SELECT slot, job_id FROM unique_jobs WHERE slot IN (%s)";
  private static final String UPDATE = "UPDATE unique_jobs SET job_id = ? WHERE slot = ?";
  private static final String DELETE = "DELETE FROM unique_jobs WHERE slot = ? AND job_id = ?";
  private static final String SELECT_LOCKED =
      "SELECT %s FROM %s WHERE j.id IN (%%s) ORDER BY j.id %s";
  private static final int MOST = 512;

  /**
   * What became of the submissions of a batch that ask for slots.
   *
   * @param answers to all of these
   * @param made the jobs that got slots, as they are to be stored
   * @param changes of stored jobs that get other payloads
   */
  record Claims(Map<JobId, SubmitResult> answers, Map<JobId, Job> made, List<Transition> changes) {

    static final Claims NONE = new Claims(Map.of(), Map.of(), List.of());

    /** The answer to a submission whose job is not to be stored; null = it is. */
    @Nullable SubmitResult refusal(JobId job) {
      SubmitResult answer = answers.get(job);
      return answer instanceof SubmitResult.Accepted ? null : answer;
    }

    /** What an answer has become by them that names a job of this batch. */
    SubmitResult settled(SubmitResult answer) {
      return switch (answer) {
        case SubmitResult.Replayed(Job job) -> {
          SubmitResult refusal = refusal(job.id());
          yield refusal == null ? new SubmitResult.Replayed(asStored(job)) : refusal;
        }
        case SubmitResult.KeyReused(JobId first) -> {
          Job holder = holderInPlaceOf(first);
          yield holder == null ? answer : new SubmitResult.KeyReused(holder.id());
        }
        default -> answer;
      };
    }

    /** The job that a submission is answered with instead of its own; null = none. */
    @Nullable Job holderInPlaceOf(JobId job) {
      return switch (answers.get(job)) {
        case SubmitResult.Existing(Job holder) -> holder;
        case SubmitResult.Replaced(Job holder) -> holder;
        case null, default -> null;
      };
    }

    /** The job as it is to be stored. */
    Job asStored(Job job) {
      return made.getOrDefault(job.id(), job);
    }
  }

  /** A job that took a slot. */
  record Owner(JobId job, String slot) {}

  private final Dialect dialect;

  UniqueRows(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Takes the slots that a batch asks for.
   *
   * @param order the submissions as the client sent them: of one slot's the first comes first
   * @param answered those that are not to be stored anyway
   */
  Claims claim(
      Connection connection,
      List<Submission> batch,
      List<Submission> order,
      Map<JobId, SubmitResult> answered)
      throws SQLException {
    SortedMap<String, List<Submission>> bySlot = bySlot(batch, order, answered);
    if (bySlot.isEmpty()) {
      return Claims.NONE;
    }
    Map<String, JobId> firsts = new TreeMap<>();
    Set<String> changing = new HashSet<>();
    bySlot.forEach(
        (slot, claims) -> {
          firsts.put(slot, claims.getFirst().job().id());
          if (claims.stream().anyMatch(each -> each.onConflict().changesHolder())) {
            changing.add(slot);
          }
        });
    Map<String, JobId> owners = lock(connection, firsts);
    Map<JobId, Job> stored = stored(connection, owners, changing);
    Claims claims = new Claims(new HashMap<>(), new HashMap<>(), new ArrayList<>());
    List<Owner> taken = new ArrayList<>();
    bySlot.forEach(
        (slot, submissions) -> {
          JobId owner = owners.get(slot);
          UniqueSlot decision = new UniqueSlot(stored.get(owner));
          submissions.forEach(decision::claim);
          claims.answers().putAll(decision.answers());
          Job made = decision.made();
          if (made != null) {
            claims.made().put(made.id(), made);
            if (!made.id().equals(owner)) {
              taken.add(new Owner(made.id(), slot));
            }
          }
          Transition change = decision.change();
          if (change != null) {
            claims.changes().add(change);
          }
        });
    MultiRow.executeEach(connection, UPDATE, taken, UniqueRows::bind);
    return claims;
  }

  private static SortedMap<String, List<Submission>> bySlot(
      List<Submission> batch, List<Submission> order, Map<JobId, SubmitResult> answered) {
    SortedMap<String, List<Submission>> bySlot = new TreeMap<>();
    Set<JobId> ids = new HashSet<>();
    for (Submission each : batch) {
      if (each.job().spec().unique() != null && !answered.containsKey(each.job().id())) {
        ids.add(each.job().id());
      }
    }
    if (!ids.isEmpty()) {
      for (Submission each : order) {
        Unique unique = each.job().spec().unique();
        if (unique != null && ids.remove(each.job().id())) {
          bySlot.computeIfAbsent(unique.slot(), _ -> new ArrayList<>(1)).add(each);
        }
      }
    }
    return bySlot;
  }

  /**
   * Takes again the slots of jobs that had ended and are to be revived.
   *
   * @return the changes that may not be made since others hold the slots, with these
   */
  Map<AttemptId, JobId> revive(Connection connection, List<Transition> batch) throws SQLException {
    SortedMap<String, List<Transition>> bySlot = new TreeMap<>();
    for (Transition change : batch) {
      Unique unique = change.after().spec().unique();
      if (unique != null
          && change.before().state().terminal()
          && !change.after().state().terminal()
          && change.after().holdsSlot(change.after().updatedAt())) {
        bySlot.computeIfAbsent(unique.slot(), _ -> new ArrayList<>(1)).add(change);
      }
    }
    if (bySlot.isEmpty()) {
      return Map.of();
    }
    Map<String, JobId> firsts = new TreeMap<>();
    bySlot.forEach((slot, changes) -> firsts.put(slot, changes.getFirst().before().id()));
    Map<String, JobId> owners = lock(connection, firsts);
    Map<JobId, Job> stored = stored(connection, owners, Set.of());
    Map<AttemptId, JobId> refused = new HashMap<>();
    List<Owner> taken = new ArrayList<>();
    bySlot.forEach(
        (slot, changes) -> {
          JobId owner = owners.get(slot);
          boolean held =
              UniqueSlot.isHeldBy(stored.get(owner), changes.getFirst().after().updatedAt());
          for (Transition change : changes) {
            JobId job = change.before().id();
            if (job.equals(owner)) {
              held = true;
            } else if (held) {
              refused.put(change.attempt(), owner);
            } else {
              owner = job;
              held = true;
              taken.add(new Owner(job, slot));
            }
          }
        });
    MultiRow.executeEach(connection, UPDATE, taken, UniqueRows::bind);
    return refused;
  }

  /** Deletes the slots that deleted jobs took last. */
  static void delete(Connection connection, List<Owner> owners) throws SQLException {
    MultiRow.executeEach(
        connection,
        DELETE,
        owners,
        (to, at, owner) -> {
          to.setBytes(at + 1, bytes(owner.slot()));
          to.setBytes(at + 2, owner.job().bytes());
        });
  }

  /** Locks slots, of which those that were never taken go to these jobs; returns their owners. */
  private Map<String, JobId> lock(Connection connection, Map<String, JobId> firsts)
      throws SQLException {
    dialect.insert(
        connection,
        INSERT,
        2,
        dialect.keepExisting("job_id"),
        List.copyOf(firsts.entrySet()),
        _ -> 0,
        (to, at, first) -> {
          to.setBytes(at + 1, bytes(first.getKey()));
          to.setBytes(at + 2, first.getValue().bytes());
        });
    Map<String, JobId> owners = new HashMap<>();
    List<String> slots = List.copyOf(firsts.keySet());
    for (int from = 0; from < slots.size(); from += MOST) {
      List<String> part = slots.subList(from, Math.min(from + MOST, slots.size()));
      String sql = SELECT.formatted(MultiRow.marks(part.size()));
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < MultiRow.padded(part.size()); i++) {
          statement.setBytes(i + 1, bytes(part.get(Math.min(i, part.size() - 1))));
        }
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            owners.put(HexFormat.of().formatHex(rows.getBytes(1)), JobId.of(rows.getBytes(2)));
          }
        }
      }
    }
    return owners;
  }

  /** The owners that are stored; those of slots whose holder may change are locked. */
  private Map<JobId, Job> stored(
      Connection connection, Map<String, JobId> owners, Set<String> changing) throws SQLException {
    List<JobId> locked = new ArrayList<>();
    List<JobId> read = new ArrayList<>();
    owners.forEach((slot, job) -> (changing.contains(slot) ? locked : read).add(job));
    Map<JobId, Job> stored = new HashMap<>();
    query(connection, dialect.jobsById(), read, stored);
    String select =
        SELECT_LOCKED.formatted(dialect.jobColumns(), dialect.byKey("jobs j"), dialect.forUpdate());
    query(connection, select, locked, stored);
    return stored;
  }

  private void query(
      Connection connection, String sql, Collection<JobId> ids, Map<JobId, Job> stored)
      throws SQLException {
    Ids.query(
        connection,
        sql,
        Ids.sorted(ids),
        row -> {
          Job job = JobColumns.read(row, dialect.cipher());
          stored.put(job.id(), job);
        });
  }

  private static void bind(PreparedStatement to, int at, Owner owner) throws SQLException {
    to.setBytes(at + 1, owner.job().bytes());
    to.setBytes(at + 2, bytes(owner.slot()));
  }

  private static byte[] bytes(String slot) {
    return HexFormat.of().parseHex(slot);
  }
}
