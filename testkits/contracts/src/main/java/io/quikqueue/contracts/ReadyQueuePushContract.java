package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.port.TakeRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every ready queue guarantees of pushing: an attempt is ready once, however often it is
 * announced, and a later one takes its place.
 */
public abstract class ReadyQueuePushContract extends ReadyQueueContract {

  @Test
  void handsOverWhatWasPushedUnchanged() throws Exception {
    JobSpec spec =
        JobSpec.builder("greet", "{\"text\":\"zwölf Boxkämpfer \\u0000 €\uD83D\uDE00\"}")
            .queue("mail")
            .priority(3)
            .deadline(NOW.plusSeconds(60))
            .policy(
                new Policy(
                    7, RetryDelays.of(null, null, null, List.of(SHORT, LONG), 0.1), LONG, SHORT, 2))
            .labels(Map.of("tenant", "a b"))
            .traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .build();
    Job pushed = Job.submit(ids.next(), spec, null, false, NOW).job();

    push(pushed);

    List<Job> taken = take("w", 10);
    assertThat(taken).singleElement().isEqualTo(pushed);
  }

  @Test
  void keepsBodiesApartWhateverBytesTheyHold() throws Exception {
    char[] filler = new char[1_000_000];
    Arrays.fill(filler, 'x');
    Job large = message("a", 5, "\"" + new String(filler) + "\"");
    Job lines = message("a", 5, "\"\r\n$-1\r\n*0\r\n\"");
    Job nothing = message("a", 5, "");

    push(large, lines, nothing);

    assertThat(take("w", 10))
        .extracting(taken -> taken.spec().payload())
        .containsExactly(large.spec().payload(), lines.spec().payload(), nothing.spec().payload());
  }

  @Test
  void servesPrioritiesThenArrival() throws Exception {
    Job low1 = message("a", 9);
    Job mid1 = message("a", 5);
    Job top = message("a", 0);
    Job mid2 = message("a", 5);
    Job low2 = message("a", 9);

    push(low1, mid1);
    push(top, mid2, low2);

    assertThat(ids(take("w", 2))).containsExactly(id(top), id(mid1));
    assertThat(ids(take("w", 9))).containsExactly(id(mid2), id(low1), id(low2));
  }

  @Test
  void ignoresAnAttemptThatIsReady() throws Exception {
    Job job = message("a", 5);
    push(job, job);

    assertThat(push(job)).containsEntry("a", 1L);
    assertThat(take("w", 10)).hasSize(1);
  }

  @Test
  void ignoresAnAttemptThatIsLeased() throws Exception {
    Job job = message("a", 5);
    push(job);
    take("w", 1);

    assertThat(push(job)).containsEntry("a", 0L);
    assertThat(take("v", 1)).isEmpty();
    assertThat(extend("w", List.of(job), LONG)).isEmpty();
  }

  @Test
  void ignoresAnAttemptWhoseLeaseHasExpired() throws Exception {
    Job job = message("a", 5);
    push(job);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));
    letPass(SHORT);

    assertThat(push(job)).containsEntry("a", 0L);
    assertThat(take("v", 1)).isEmpty();
  }

  @Test
  void ignoresAnAttemptThatFinishedUntilItIsForgotten() throws Exception {
    Job job;
    Map<String, Long> pushed;
    long begun;
    do { // again when this machine stood still until it was forgotten
      begun = System.nanoTime();
      job = message("a", 5);
      push(job);
      take("w", 1);
      queue.ack(List.of(id(job)));
      pushed = push(job);
    } while (pushed.getOrDefault("a", 0L) > 0 && isOver(begun, memory()) && ackOne());
    assertThat(pushed).containsEntry("a", 0L);

    letPass(memory());
    assertThat(push(job)).containsEntry("a", 1L);
    assertThat(ids(take("w", 1))).containsExactly(id(job));
  }

  @Test
  void ignoresAnAttemptOlderThanTheKnownOne() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(second);
    assertThat(push(first)).containsEntry("a", 1L);

    assertThat(ids(take("w", 10))).containsExactly(id(second));
    assertThat(push(first)).containsEntry("a", 0L);

    Map<String, Long> pushed;
    long begun;
    do { // again when this machine stood still until it was forgotten
      begun = System.nanoTime();
      queue.ack(List.of(id(second)));
      pushed = push(first);
    } while (pushed.getOrDefault("a", 0L) > 0 && isOver(begun, memory()) && ackOne());
    assertThat(pushed).containsEntry("a", 0L);
    assertThat(take("w", 10)).isEmpty();
  }

  /** Ends a job that is ready; false = none is. */
  private boolean ackOne() throws Exception {
    List<Job> taken = take("w", 1);
    queue.ack(taken.stream().map(Job::attemptId).toList());
    return !taken.isEmpty();
  }

  @Test
  void replacesAReadyAttemptByAHigherOne() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);

    assertThat(push(second)).containsEntry("a", 1L);
    assertThat(ids(take("w", 10))).containsExactly(id(second));
  }

  @Test
  void replacesAnAttemptByAHigherOneOfTheSameBatch() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    Job other = message("a", 5);

    assertThat(push(first, other, second, first)).containsEntry("a", 2L);

    assertThat(ids(take("w", 10))).containsExactly(id(other), id(second));
  }

  @Test
  void replacesALeasedAttemptByAHigherOne() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));

    assertThat(push(second)).containsEntry("a", 1L);
    assertThat(ids(take("v", 10))).containsExactly(id(second));
    assertThat(extend("w", List.of(first), LONG)).containsExactly(id(first));
    queue.release("w", List.of(first));
    letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
    assertThat(take("v", 1)).isEmpty();
  }

  @Test
  void acceptsAHigherAttemptOfAFinishedJob() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);
    take("w", 1);
    queue.ack(List.of(id(first)));

    assertThat(push(second)).containsEntry("a", 1L);
    queue.ack(List.of(id(first)));

    assertThat(ids(take("w", 10))).containsExactly(id(second));
    letPass(memory());
    assertThat(extend("w", List.of(second), LONG)).isEmpty();
  }

  @Test
  void answersWithTheDepthOfTheQueuesInTheBatch() {
    push(message("a", 5), message("b", 5), message("b", 5));

    assertThat(push(message("b", 5), message("c", 5)))
        .containsExactlyInAnyOrderEntriesOf(Map.of("b", 3L, "c", 1L));
    assertThat(queue.push(List.of())).isEmpty();
  }

  @Test
  void countsReadyJobsPerQueue() throws Exception {
    assertThat(queue.depth()).isEmpty();
    Job job = message("a", 5);
    push(job, message("a", 5), message("b", 5));
    assertThat(queue.depth()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 2L, "b", 1L));

    queue.take(TakeRequest.ofAllTypes("w", Set.of("a"), 1, LONG, ZERO));
    queue.take(TakeRequest.ofAllTypes("w", Set.of("b"), 1, LONG, ZERO));
    assertThat(queue.depth()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1L, "b", 0L));

    queue.release("w", List.of(job));
    assertThat(queue.depth()).containsEntry("a", 2L);
    queue.ack(List.of(id(job)));
    assertThat(queue.depth()).containsEntry("a", 1L);
  }

  @Test
  void handlesAThousandAtATime() throws Exception {
    List<Job> pushed = messages("a", 1000);

    assertThat(push(pushed)).containsEntry("a", 1000L);
    assertThat(ids(take("w", 1000))).isEqualTo(ids(pushed));
    assertThat(extend("w", pushed, LONG)).isEmpty();
    queue.release("w", pushed);
    assertThat(queue.depth()).containsEntry("a", 1000L);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1000, SHORT, ZERO));
    letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 1000, LONG)).hasSize(1000);
    queue.ack(ids(pushed));
    assertThat(queue.depth()).containsEntry("a", 0L);
    assertThat(push(pushed)).containsEntry("a", 0L);
  }
}
