package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Progress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a worker runs, as text: a line per attempt with job, attempt, type, start in microseconds,
 * per cent and message between tabs; the message URL-encoded behind {@code =}; what is not known is
 * empty.
 */
final class RunningText {

  private static final int MOST = 1000;

  private RunningText() {}

  static String of(List<AttemptSnapshot> running) {
    return running.stream().limit(MOST).map(RunningText::line).collect(Collectors.joining("\n"));
  }

  private static String line(AttemptSnapshot each) {
    Progress progress = each.progress();
    String message = progress == null ? null : progress.message();
    return String.join(
        "\t",
        each.attempt().job().toString(),
        Integer.toString(each.attempt().number()),
        each.type(),
        Long.toString(Micros.of(each.startedAt())),
        progress == null ? "" : Integer.toString(progress.percent()),
        message == null ? "" : "=" + URLEncoder.encode(message, StandardCharsets.UTF_8));
  }

  static List<AttemptSnapshot> parse(String text) {
    return text.lines().map(RunningText::attempt).toList();
  }

  private static AttemptSnapshot attempt(String line) {
    String[] part = line.split("\t", -1);
    return new AttemptSnapshot(
        new AttemptId(JobId.parse(part[0]), Integer.parseInt(part[1])),
        part[2],
        Micros.toInstant(Long.parseLong(part[3])),
        part[4].isEmpty() ? null : new Progress(Integer.parseInt(part[4]), message(part[5])));
  }

  private static @Nullable String message(String text) {
    return text.isEmpty() ? null : URLDecoder.decode(text.substring(1), StandardCharsets.UTF_8);
  }
}
