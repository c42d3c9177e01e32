package io.quikqueue.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.servers.SharedServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/** What the contract does not say about the ready queue in Redis. */
final class RedisReadyQueueTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Set<String> ALL = Set.of();
  private static final Pattern CALLS = Pattern.compile(":calls=(\\d+)");

  private final Messages messages = new Messages();
  private final TestQueues queues = new TestQueues();
  private final RedisReadyQueue queue = queues.open();

  @AfterEach
  void close() {
    queues.close();
  }

  @Test
  void isSharedByProcesses() throws Exception {
    RedisReadyQueue other = queues.open();
    Job job = messages.one();

    queue.push(List.of(job));

    assertThat(other.take(TakeRequest.ofAllTypes("w", ALL, 1, LEASE, Duration.ZERO))).hasSize(1);
    assertThat(queue.extend("v", Messages.envelopes(List.of(job)), LEASE))
        .containsExactly(Messages.id(job));
  }

  @Test
  void handsOverFewLargeJobsAtATimeInTheirOrder() throws Exception {
    List<Job> first = large("first", 40);
    List<Job> second = large("second", 40);
    List<AttemptId> taken = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();

    for (int i = 0; i < 20 && taken.size() < 80; i++) {
      List<Job> some = queue.take(TakeRequest.ofAllTypes("w", ALL, 60, LEASE, Duration.ZERO));
      sizes.add(some.size());
      taken.addAll(Messages.ids(some));
    }

    assertThat(sizes).allMatch(size -> size <= 32);
    assertThat(taken).hasSize(80).containsSubsequence(Messages.ids(first));
    assertThat(taken).containsSubsequence(Messages.ids(second));
    assertThat(taken.subList(0, 64)).as("both in turn").contains(Messages.id(second.getFirst()));
    assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, 60, LEASE, Duration.ZERO))).isEmpty();
  }

  @Test
  void rescuesFewLargeJobsAtATime() throws Exception {
    large("first", 12);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 12, Duration.ofMillis(1), Duration.ZERO));
    TestQueues.letPass(Duration.ofMillis(2));

    assertThat(queue.reclaimExpired("rescuer", 100, LEASE)).hasSize(8);
    assertThat(queue.reclaimExpired("rescuer", 100, LEASE)).hasSize(4);
  }

  private List<Job> large(String name, int count) {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(messages.one(name, 1 << 20));
      queue.push(List.of(jobs.getLast()));
    }
    return jobs;
  }

  @Test
  void forgetsFinishedJobsAltogether() throws Exception {
    List<Job> jobs = messages.many(300);
    queue.push(jobs);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1000, LEASE, Duration.ZERO));
    queue.ack(Messages.ids(jobs));

    TestQueues.letPass(TestQueues.MEMORY);
    for (int i = 0; i < 3; i++) { // each call clears away at most a hundred
      assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LEASE, Duration.ZERO))).isEmpty();
    }

    assertThat(queues.keys())
        .extracting(key -> key.substring(key.indexOf("}:") + 2))
        .containsExactlyInAnyOrder("2:sequence", "2:queues");
  }

  @Test
  void healsWhenAPartOfAJobWasEvicted() throws Exception {
    List<Job> jobs = messages.many(3);
    queue.push(jobs);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, Duration.ofMillis(1), Duration.ZERO));
    try (RedisClient client = RedisClient.create(SharedServers.redis().uri())) {
      queues.keys().stream().filter(key -> key.endsWith("bodies")).forEach(client::del);
    }
    TestQueues.letPass(Duration.ofMillis(1));

    assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, 10, LEASE, Duration.ZERO))).isEmpty();
    assertThat(queue.reclaimExpired("r", 10, LEASE)).isEmpty();

    assertThat(queue.unknown(Messages.ids(jobs))).hasSize(3);
    assertThat(queue.push(jobs)).containsEntry("default", 3L);
  }

  /** From a newer version of this program, or from nobody knows where. */
  @ParameterizedTest
  @MethodSource("unreadable")
  void losesWhatCannotBeReadSoThatItIsAnnouncedAgain(byte[] found) throws Exception {
    List<Job> jobs = messages.many(3);
    queue.push(jobs);
    overwrite(jobs.get(1), found);

    assertThat(Messages.ids(queue.take(TakeRequest.ofAllTypes("w", ALL, 10, LEASE, Duration.ZERO))))
        .containsExactly(Messages.id(jobs.get(0)), Messages.id(jobs.get(2)));

    assertThat(queue.unknown(Messages.ids(jobs))).containsExactly(Messages.id(jobs.get(1)));
    queue.push(jobs);
    assertThat(
            queue.take(TakeRequest.ofAllTypes("w", ALL, 10, Duration.ofMillis(1), Duration.ZERO)))
        .hasSize(1);
    overwrite(jobs.get(1), found);
    TestQueues.letPass(Duration.ofMillis(1));

    assertThat(queue.reclaimExpired("r", 10, Duration.ofMillis(1))).isEmpty();
    assertThat(queue.unknown(Messages.ids(jobs))).containsExactly(Messages.id(jobs.get(1)));
    TestQueues.letPass(Duration.ofMillis(1));
    assertThat(queue.reclaimExpired("r", 10, LEASE)).isEmpty();
  }

  static Stream<byte[]> unreadable() {
    Job another = new Messages().many(9).getLast();
    byte[] newer = JobBody.write(another);
    newer[0]++;
    return Stream.of(
        newer, new byte[0], "{\"not\":\"a job\"}".getBytes(UTF_8), JobBody.write(another));
  }

  private void overwrite(Job message, byte[] found) {
    try (RedisClient client = RedisClient.create(SharedServers.redis().uri())) {
      String bodies =
          queues.keys().stream().filter(key -> key.endsWith("bodies")).findFirst().orElseThrow();
      client.hset(bodies.getBytes(UTF_8), message.id().bytes(), found);
    }
  }

  /** Redis does nothing else during a call, so a call must not do more per job when it has more. */
  @Test
  void aCallWithAThousandJobsTakesTenTimesTheCommandsOfOneWithAHundred() throws Exception {
    callEverything(100); // the scripts are loaded now
    long hundred = commandsOf(100);
    long thousand = commandsOf(1000);

    assertThat(thousand).isLessThanOrEqualTo(10 * hundred);
    assertThat(thousand / 1000).as("commands per job in all calls together").isLessThan(24);
  }

  private long commandsOf(int jobs) throws InterruptedException {
    try (RedisClient client = RedisClient.create(SharedServers.redis().uri())) {
      client.sendCommand(Protocol.Command.CONFIG, "resetstat");
      callEverything(jobs);
      Matcher calls = CALLS.matcher(client.info("commandstats"));
      return calls.results().mapToLong(call -> Long.parseLong(call.group(1))).sum();
    }
  }

  private void callEverything(int n) throws InterruptedException {
    List<Job> jobs = messages.many(n);
    queue.push(jobs);
    assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, n, LEASE, Duration.ZERO))).hasSize(n);
    queue.extend("w", Messages.envelopes(jobs), Duration.ofMillis(1));
    TestQueues.letPass(Duration.ofMillis(1));
    assertThat(queue.reclaimExpired("r", n, LEASE)).hasSize(n);
    queue.release("r", jobs);
    queue.unknown(Messages.ids(jobs));
    queue.ack(Messages.ids(jobs));
    List<Job> assumed = messages.many(n);
    queue.assumeLeased(Messages.envelopes(assumed), LEASE);
    queue.ack(Messages.ids(assumed));
  }

  @Test
  void refusesMoreThanAThousandAtOnce() {
    List<Job> jobs = messages.many(1001);

    assertThatThrownBy(() -> queue.push(jobs)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> queue.take(TakeRequest.ofAllTypes("w", ALL, 1001, LEASE, Duration.ZERO)))
        .isInstanceOf(IllegalArgumentException.class);
    queue.ack(Messages.ids(jobs));
    assertThat(queue.unknown(Messages.ids(jobs))).isEmpty();
  }
}
