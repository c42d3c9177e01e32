package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobLogs.Numbered;
import io.quikqueue.domain.port.LogLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link JobLogs} guarantees. */
public abstract class JobLogsContract extends StoreContract {

  private JobLogs logs;

  @BeforeEach
  void setLogs() {
    logs = stores.logs();
  }

  @Test
  void aJobHasLoggedNothingAtFirst() {
    assertThat(lines(submitted(jobs.aQueuedJob()))).isEmpty();
    assertThat(logs.lines(jobs.anId(), 0, 10)).isEmpty();
    logs.append(List.of());
  }

  @Test
  void linesAreNumberedByJobInTheOrderInWhichTheyCame() {
    Job one = submitted(jobs.aQueuedJob());
    Job other = submitted(jobs.aQueuedJob());
    Instant at = tick();
    logs.append(
        List.of(
            new LogLine(one.attemptId(), at, "ä 漢 😀 'x\"\\ \n\0"),
            new LogLine(other.attemptId(), at, ""),
            new LogLine(one.attemptId(), at, "second")));
    logs.append(List.of(new LogLine(one.attemptId(), at.plusSeconds(1), "third")));

    assertThat(lines(one))
        .containsExactly(
            new Numbered(1, 1, at, "ä 漢 😀 'x\"\\ \n\0"),
            new Numbered(2, 1, at, "second"),
            new Numbered(3, 1, at.plusSeconds(1), "third"));
    assertThat(lines(other)).containsExactly(new Numbered(1, 1, at, ""));
  }

  @Test
  void linesAreReadByPages() {
    Job job = submitted(jobs.aQueuedJob());
    append(job, 7);

    assertThat(numbers(logs.lines(job.id(), 0, 3))).containsExactly(1L, 2L, 3L);
    assertThat(numbers(logs.lines(job.id(), 3, 3))).containsExactly(4L, 5L, 6L);
    assertThat(numbers(logs.lines(job.id(), 6, 3))).containsExactly(7L);
    assertThat(logs.lines(job.id(), 7, 3)).isEmpty();
    assertThat(logs.lines(job.id(), Long.MAX_VALUE, 3)).isEmpty();
  }

  @Test
  void theLastThousandLinesAreKept() {
    Job job = submitted(jobs.aQueuedJob());
    append(job, JobLogs.MOST_LINES);
    assertThat(numbers(lines(job))).hasSize(JobLogs.MOST_LINES).startsWith(1L);

    append(job, 1);
    assertThat(numbers(lines(job)))
        .isEqualTo(LongStream.rangeClosed(2, JobLogs.MOST_LINES + 1).boxed().toList());

    append(job, JobLogs.MOST_LINES);
    assertThat(numbers(lines(job))).hasSize(JobLogs.MOST_LINES).startsWith(1_002L);
  }

  @Test
  void noMoreBytesAreKeptThanTheBound() {
    Job job = submitted(jobs.aQueuedJob());
    int whole = JobLogs.MOST_BYTES / LogLine.LONGEST;
    String rest = "x".repeat(JobLogs.MOST_BYTES - whole * LogLine.LONGEST);
    List<LogLine> lines = new ArrayList<>();
    for (int i = 0; i < whole; i++) {
      lines.add(line(job, "x".repeat(LogLine.LONGEST)));
    }
    lines.add(line(job, rest));
    logs.append(lines);
    assertThat(numbers(lines(job))).hasSize(whole + 1).startsWith(1L);

    logs.append(List.of(line(job, "")));
    assertThat(numbers(lines(job))).hasSize(whole + 2).startsWith(1L);

    logs.append(List.of(line(job, "x")));
    assertThat(numbers(lines(job))).hasSize(whole + 2).startsWith(2L);
  }

  @Test
  void bytesAreCountedAndNotCharacters() {
    Job job = submitted(jobs.aQueuedJob());
    String wide = "漢".repeat(LogLine.LONGEST);
    int fit = JobLogs.MOST_BYTES / (3 * LogLine.LONGEST);
    logs.append(IntStream.rangeClosed(0, fit).mapToObj(_ -> line(job, wide)).toList());
    assertThat(lines(job)).hasSize(fit);
  }

  @Test
  void linesOfJobsThatAreNotThereAreLeftOut() {
    Job job = submitted(jobs.aQueuedJob());
    Job unknown = jobs.aQueuedJob();
    logs.append(List.of(line(unknown, "nobody's"), line(job, "kept")));

    assertThat(lines(job)).extracting(Numbered::text).containsExactly("kept");
    assertThat(lines(unknown)).isEmpty();
  }

  @Test
  void linesGoWithTheirJob() {
    Job done = stored(jobs.aJob(), JobState.DONE);
    Job other = submitted(jobs.aQueuedJob());
    logs.append(List.of(line(done, "gone"), line(other, "kept")));
    assertThat(stores.jobs().deleteEnded(List.of(done.id()))).isEqualTo(1);

    assertThat(lines(done)).isEmpty();
    assertThat(lines(other)).hasSize(1);
  }

  @Test
  void linesThatAreAppendedAtTheSameTimeAllHaveNumbers() throws InterruptedException {
    Job job = submitted(jobs.aQueuedJob());
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      writers.add(
          () -> {
            for (int j = 0; j < 25; j++) {
              append(job, 2);
            }
            return true;
          });
    }
    atOnce(writers);

    assertThat(numbers(lines(job))).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
  }

  private void append(Job job, int count) {
    logs.append(IntStream.range(0, count).mapToObj(i -> line(job, "line " + i)).toList());
  }

  private LogLine line(Job job, String text) {
    return new LogLine(job.attemptId(), jobs.now(), text);
  }

  private List<Numbered> lines(Job job) {
    return lines(job.id());
  }

  private List<Numbered> lines(JobId job) {
    return logs.lines(job, 0, JobLogs.MOST_LINES);
  }

  private static List<Long> numbers(List<Numbered> lines) {
    return lines.stream().map(Numbered::number).toList();
  }
}
