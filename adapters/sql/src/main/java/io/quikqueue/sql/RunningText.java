package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.RunningAttempt;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a worker runs, as one column: a line per attempt, its parts between colons, the note last.
 */
final class RunningText {

  private static final int PARTS = 6;
  private static final String NONE = "-";

  private RunningText() {}

  static String write(List<RunningAttempt> running) {
    return running.stream().limit(100).map(RunningText::line).collect(Collectors.joining("\n"));
  }

  static List<RunningAttempt> read(String text) {
    return text.lines().map(RunningText::attempt).toList();
  }

  private static String line(RunningAttempt running) {
    String note = running.note();
    return String.join(
        ":",
        running.attempt().job().toString(),
        Integer.toString(running.attempt().number()),
        running.type(),
        Long.toString(Micros.of(running.startedAt())),
        running.percent() == null ? NONE : running.percent().toString(),
        note == null ? NONE : "+" + note.replaceAll("\\p{Cntrl}|[\\u0085\\u2028\\u2029]", " "));
  }

  private static RunningAttempt attempt(String line) {
    String[] parts = line.split(":", PARTS);
    return new RunningAttempt(
        new AttemptId(JobId.parse(parts[0]), Integer.parseInt(parts[1])),
        parts[2],
        Micros.toInstant(Long.parseLong(parts[3])),
        parts[4].equals(NONE) ? null : Integer.valueOf(parts[4]),
        parts[5].equals(NONE) ? null : parts[5].substring(1));
  }
}
