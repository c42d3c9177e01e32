package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobLogs.Numbered;
import io.quikqueue.domain.port.LogLine;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of the lines that a handler logs. */
class WorkerLogTest extends WorkerFixture {

  @Test
  void linesAreThereBeforeTheJobIsOver() {
    handlers.put(
        "echo",
        run -> {
          for (int i = 1; i <= 2 * JobLogs.MOST_LINES; i++) {
            run.log("line " + i);
          }
          return new Result("1", null);
        });
    List<Job> jobs = List.of(world.jobs.aQueuedJob(), world.jobs.aQueuedJob());
    jobs.forEach(world::readied);
    worker(4);

    for (Job job : jobs) {
      awaitState(job, JobState.DONE);
      List<Numbered> lines = lines(job);
      assertThat(lines).hasSize(JobLogs.MOST_LINES);
      assertThat(lines.getLast().text()).isEqualTo("line " + 2 * JobLogs.MOST_LINES);
      assertThat(lines.getFirst().attempt()).isEqualTo(1);
    }
    awaitNothingLeased();
  }

  @Test
  void linesAreThereWhileTheJobRuns() {
    handlers.put(
        "echo",
        run -> {
          run.log("begun");
          mayEnd.await();
          run.log("ended");
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    await().until(() -> !lines(job).isEmpty());
    assertThat(lines(job)).extracting(Numbered::text).containsExactly("begun");
    mayEnd.countDown();
    Job done = awaitState(job, JobState.DONE);
    assertThat(lines(job)).extracting(Numbered::text).containsExactly("begun", "ended");
    assertThat(lines(job).getLast().at()).isBetween(done.createdAt(), done.finishedAt());
  }

  @Test
  void aJobThatLogsWithoutEndKeepsNoOtherWaiting() {
    CountDownLatch enough = new CountDownLatch(1);
    handlers.put(
        "chatty",
        run -> {
          while (enough.getCount() > 0 && !run.cancelled()) {
            run.log("x".repeat(LogLine.LONGEST));
          }
          return new Result("1", null);
        });
    handlers.put("echo", _ -> new Result("1", null));
    Job chatty = world.readied(world.jobs.aJob().type("chatty").queued());
    worker(4);
    await().until(() -> !lines(chatty).isEmpty());

    for (int i = 0; i < 20; i++) {
      awaitState(world.readied(world.jobs.aQueuedJob()), JobState.DONE);
    }
    assertThat(world.state(chatty)).isNotEqualTo(JobState.DONE);
    enough.countDown();
    awaitState(chatty, JobState.DONE);
    assertThat(lines(chatty)).hasSize(JobLogs.MOST_BYTES / LogLine.LONGEST);
  }

  @Test
  void aLineThatIsTooLongIsCutAndNullIsALine() {
    handlers.put(
        "echo",
        run -> {
          run.log("x".repeat(LogLine.LONGEST));
          run.log("x".repeat(LogLine.LONGEST + 1));
          run.log("x".repeat(LogLine.LONGEST - 2) + "😀y");
          run.log(null);
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    awaitState(job, JobState.DONE);
    assertThat(lines(job))
        .extracting(Numbered::text)
        .containsExactly(
            "x".repeat(LogLine.LONGEST),
            "x".repeat(LogLine.LONGEST - 1) + "…",
            "x".repeat(LogLine.LONGEST - 2) + "…",
            "null");
  }

  @Test
  void aJobThatLogsNothingCostsNoWrite() {
    handlers.put("echo", _ -> new Result("1", null));
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    awaitState(job, JobState.DONE);
    assertThat(logs.calls("append")).isZero();
  }

  @Test
  void whatTheStoreDoesNotTakeIsKeptUntilItDoes() {
    logs.down();
    handlers.put(
        "echo",
        run -> {
          run.log("kept");
          return new Result("1", null);
        });
    Job job = world.readied(world.jobs.aQueuedJob());
    worker(4);

    await().until(() -> logs.calls("append") > 1);
    assertThat(world.state(job)).isNotEqualTo(JobState.DONE);
    logs.up();
    awaitState(job, JobState.DONE);
    assertThat(lines(job)).extracting(Numbered::text).containsExactly("kept");
  }

  private List<Numbered> lines(Job job) {
    return world.memory.logs().lines(job.id(), 0, JobLogs.MOST_LINES);
  }
}
