package io.quikqueue.acceptance.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quikqueue.acceptance.faults.EffectLog.Effect;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import io.quikqueue.acceptance.faults.SubmitLog.Submit;
import io.quikqueue.domain.job.JobState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Compares what clients were told, what the handlers did and what the store says, once all is
 * quiet.
 */
final class Checker {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 5;

  private final Map<String, Submit> submits;
  private final Map<UUID, Row> rows;
  private final Map<UUID, List<Effect>> starts = new HashMap<>();
  private final Map<UUID, List<Effect>> ends = new HashMap<>();
  private final Map<String, Integer> counted = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** A job as the store has it. */
  private record Row(UUID id, String n, JobState state, int attempt) {}

  private Checker(Path submits, EffectLog effects, String queue, Connection store)
      throws SQLException {
    this.submits = SubmitLog.read(submits);
    this.rows = rows(store, queue);
    for (Effect effect : effects.of(queue + "-")) {
      (effect.started() ? starts : ends)
          .computeIfAbsent(effect.job(), id -> new ArrayList<>())
          .add(effect);
    }
  }

  /**
   * Judges the jobs of one queue.
   *
   * @param stale how many late results the workers refused
   * @param late how often leases were renewed late
   */
  static Verdict check(
      Path submits, EffectLog effects, String queue, Connection store, long stale, long late)
      throws SQLException {
    return new Checker(submits, effects, queue, store).verdict(stale, late);
  }

  private static Map<UUID, Row> rows(Connection store, String queue) throws SQLException {
    Map<UUID, Row> rows = new HashMap<>();
    try (PreparedStatement select =
        store.prepareStatement("SELECT id, payload, state, attempt FROM jobs WHERE queue = ?")) {
      select.setString(1, queue);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(1));
          UUID id = new UUID(bytes.getLong(), bytes.getLong());
          String n = JSON.readTree(row.getString(2)).path("n").textValue();
          rows.put(id, new Row(id, n, JobState.ofCode(row.getInt(3)), row.getInt(4)));
        }
      }
    } catch (IOException e) {
      throw new AssertionError("a payload in the store is not what was submitted", e);
    }
    return rows;
  }

  private Verdict verdict(long stale, long late) {
    submits.values().forEach(this::checkSubmit);
    checkJobs();
    checkRuns();
    int duplicated = 0;
    int most = 0;
    for (UUID job : starts.keySet()) {
      int extra = extraRuns(job);
      duplicated += extra;
      most = Math.max(most, extra);
    }
    return new Verdict(
        submits.size(),
        (int) submits.values().stream().filter(s -> s.outcome() == Outcome.OK).count(),
        (int) submits.values().stream().filter(s -> s.outcome() == Outcome.UNKNOWN).count(),
        inState(JobState.DONE),
        inState(JobState.FAILED),
        counted.getOrDefault("lost", 0),
        counted.getOrDefault("unexpected", 0),
        duplicated,
        most,
        stale,
        late,
        problems);
  }

  private void checkSubmit(Submit submit) {
    if (submit.outcome() != Outcome.OK) {
      return;
    }
    Row row = rows.get(submit.id());
    if (row == null) {
      problem("lost", submit.n() + " was accepted as " + submit.id() + " and is not stored");
    } else if (!row.state().terminal()) {
      problem("lost", submit.n() + " " + row.id() + " is " + row.state() + " still");
    } else if (row.state() == JobState.DONE && !ends.containsKey(row.id())) {
      problem("lost", submit.n() + " " + row.id() + " is DONE and had no effect");
    }
  }

  private void checkJobs() {
    Set<String> seen = new HashSet<>();
    for (Row row : rows.values()) {
      Submit submit = submits.get(row.n());
      if (submit == null || submit.outcome() == Outcome.NO) {
        problem(
            "unexpected",
            row.n() + " is stored and was " + (submit == null ? "never submitted" : "refused"));
      } else if (!seen.add(row.n())) {
        problem("unexpected", row.n() + " became two jobs");
      }
      if (!row.state().terminal() && submit != null && submit.outcome() == Outcome.UNKNOWN) {
        problem("unfinished", row.n() + " " + row.id() + " is " + row.state() + " still");
      }
    }
  }

  private void checkRuns() {
    starts.forEach(
        (id, runs) -> {
          if (!rows.containsKey(id)) {
            problem("unexpected", runs.getFirst().n() + " ran as " + id + " and is not stored");
          }
          for (Effect run : runs) {
            if (rows.containsKey(id) && run.attempt() > rows.get(id).attempt()) {
              problem("unexpected", run.n() + " ran an attempt that it never had: " + run);
            }
          }
        });
  }

  private int extraRuns(UUID job) {
    List<Effect> runs = starts.get(job);
    Submit submit = submits.get(runs.getFirst().n());
    int own = submit != null && submit.act().equals("fail-once") ? 2 : 1;
    return Math.max(0, runs.size() - own);
  }

  private int inState(JobState state) {
    return (int) rows.values().stream().filter(row -> row.state() == state).count();
  }

  private void problem(String kind, String what) {
    if (counted.merge(kind, 1, Integer::sum) <= SHOWN) {
      problems.add(kind + ": " + what);
    }
  }
}
