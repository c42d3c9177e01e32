package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** A group of the backlog that is paused, so that all of its jobs wait beside the others. */
final class BlockedGroup {

  /** What a queue holds of a group that has many: its window and what one push brings. */
  private static final int MOST_READY = 2_000;

  private static final String GROUP = "blocked";
  private static final int OTHERS = 200;

  /** Jobs one after another, by the last of which one that was taken before the first has ended. */
  private static final int SOME = 5;

  private static final Duration SOON = Duration.ofMinutes(3);

  private final Http http;
  private final Backlog backlog;
  private final Report report;
  private long waiting;

  BlockedGroup(App api, Backlog backlog, Report report) {
    this.http = api.http();
    this.backlog = backlog;
    this.report = report;
  }

  /** Submits the backlog to it, and requires that neither heaps nor the ready queue grow by it. */
  void fill(Sampler sampler, DoubleSupplier ready) {
    group("pause");
    await("the pause is in force").atMost(SOON).until(this::holdsBack);
    waiting = backlog.depth("QUEUED") + Size.JOBS;
    sampler.mark("submit to the blocked group");
    backlog.submit(Size.EARLY, 500, GROUP);
    sampler.noteHeaps();
    backlog.submit(Size.JOBS - Size.EARLY, 10_000, GROUP);
    sampler.requireNoGrowth(report);
    assertThat(backlog.depth("QUEUED")).isEqualTo(waiting);
    assertThat(ready.getAsDouble()).as("ready").isBetween(1.0, (double) MOST_READY);
  }

  /** Submits jobs of another group one after another, each of which has to run to its end. */
  void requireOthersRun() {
    double slowest = 0;
    double all = 0;
    for (int i = 0; i < OTHERS; i++) {
      long begun = System.nanoTime();
      backlog.runOne("other");
      double seconds = Backlog.seconds(begun);
      slowest = Math.max(slowest, seconds);
      all += seconds;
    }
    report.say(
        "%d jobs of another group, one after another: %.1f ms each, the slowest %.1f ms",
        OTHERS, 1e3 * all / OTHERS, 1e3 * slowest);
    assertThat(backlog.depth("QUEUED")).isEqualTo(waiting);
  }

  /** Whether a job of the group waits that others, submitted after it, have overtaken. */
  private boolean holdsBack() {
    backlog.submit(1, 1, GROUP);
    for (int i = 0; i < SOME; i++) {
      backlog.runOne("other");
    }
    return backlog.depth("QUEUED") > 0;
  }

  /** Lets it go on. */
  void release() {
    group("resume");
  }

  private void group(String verb) {
    Http.Answer answer =
        http.post(
            "/v1/queues/" + Backlog.QUEUE + "/groups/" + verb, "{\"group\":\"" + GROUP + "\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }
}
