package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The dashboard as a person sees it, in a real browser. */
@ExtendWith(SharedSystems.class)
final class DashboardTest {

  private static final String QUEUE = "dashboard";
  private static final String HELD = "dashboard-held";

  private final Standalone up;

  DashboardTest(Standalone up) {
    this.up = up;
  }

  @BeforeEach
  void aBrowser() {
    assumeTrue(Files.isExecutable(Browser.PROGRAM), "no " + Browser.PROGRAM + " on this machine");
  }

  @Test
  void showsTheOverviewWithFirstSteps() {
    ended("{\"type\":\"echo\",\"queue\":\"%s\",\"payload\":1}".formatted(QUEUE));

    assertThat(see("/"))
        .contains("<h1>Overview</h1>", "First steps", "Submit an echo", "Needs attention")
        .contains("queue%3A" + QUEUE)
        .contains("Slots in use");
  }

  @Test
  void showsJobsThatMatchTheSearch() {
    String wanted =
        ended(
            "{\"type\":\"echo\",\"queue\":\"%s\",\"labels\":{\"c\":\"7\"},\"payload\":1}"
                .formatted(QUEUE));
    String other = ended("{\"type\":\"echo\",\"queue\":\"%s\",\"payload\":2}".formatted(QUEUE));

    assertThat(see("/#/jobs?q=state:done+label:c:7"))
        .contains("#/jobs/" + wanted)
        .doesNotContain(other);
    assertThat(see("/#/jobs?q=size:big")).contains("is not understood");
  }

  @Test
  void showsTheAttemptsOfAJob() {
    String id =
        ended(
            "{\"type\":\"fail\",\"queue\":\"%s\",\"payload\":{\"times\":1},\"retry\":{\"backoff\":\"10ms\"}}"
                .formatted(QUEUE));

    assertThat(see("/#/jobs/" + id))
        .contains("Attempts (2)", "attempt 1 of 1 that are to fail", "It was done")
        .contains("/v1/jobs/" + id);
  }

  @Test
  void saysWhyAJobWaits() {
    up.http().post("/v1/queues/" + HELD + "/pause", "{\"note\":\"until the move is over\"}");
    String id =
        submitted(
            "{\"type\":\"echo\",\"queue\":\"%s\",\"delay\":\"1h\",\"payload\":1}".formatted(HELD));

    assertThat(see("/#/jobs/" + id))
        .contains("Why it waits", "Its queue is not paused", "until the move is over")
        .contains("Cancel job");
    assertThat(see("/#/queues")).contains("paused", "until the move is over", "Resume " + HELD);
  }

  @Test
  void showsFailedJobsAndWorkers() {
    String id =
        ended(
            "{\"type\":\"fail\",\"queue\":\"%s\",\"payload\":{\"times\":9,\"permanent\":true}}"
                .formatted(QUEUE));

    assertThat(see("/#/jobs/" + id)).contains("It can be retried", ">Retry<");
    assertThat(see("/#/dead")).contains("are to fail", "Resolve");
    assertThat(see("/#/workers")).contains("takes jobs", "sum_multiply");
  }

  @Test
  void showsTextOfJobsAsText() {
    String hostile =
        "<img src=x onerror=document.title='ran'><script>document.title='ran'</script>";
    String fields = "{" + manyFields(5_000) + "}";
    String id =
        ended(
            """
            {"type": "echo", "queue": "%s", "labels": {"x": "%s"}, "payload": {
              "%s": "%s", "exact": 12345678901234567890, "turned": "a\\u202eb", "__proto__": {"x": 1},
              "long": "%s", "many": %s, "deep": %s1%s}}
            """
                .formatted(
                    QUEUE,
                    hostile,
                    hostile,
                    hostile,
                    "y".repeat(300_000),
                    fields,
                    "[".repeat(50),
                    "]".repeat(50)));

    String dom = see("/#/jobs/" + id);

    assertThat(dom)
        .contains("&lt;img src=x onerror=", "12345678901234567890", "a\\u202eb")
        .doesNotContain("<img src=x", "<title>ran", "y".repeat(1_000));
    assertThat(see("/#/jobs?q=queue:" + QUEUE)).contains("#/jobs/" + id);
  }

  private static String manyFields(int n) {
    StringBuilder fields = new StringBuilder("\"f\":0");
    for (int i = 0; i < n; i++) {
      fields.append(",\"f").append(i).append("\":").append(i);
    }
    return fields.toString();
  }

  /** What a view shows, of which the browser had nothing to complain. */
  private String see(String view) {
    Browser.Page page = Browser.open(up.address() + view);
    assertThat(page.console()).isEmpty();
    return page.dom();
  }

  private String submitted(String job) {
    return up.http().post("/v1/jobs", job).json().path("id").textValue();
  }

  private String ended(String job) {
    String id = submitted(job);
    assertThat(up.http().get("/results/" + id + "?wait=20s").status()).isEqualTo(200);
    return id;
  }
}
