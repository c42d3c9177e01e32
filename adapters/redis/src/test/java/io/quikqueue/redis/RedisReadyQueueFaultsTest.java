package io.quikqueue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.StreamRecords;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.servers.RedisServer;
import io.quikqueue.servers.ServerOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** What happens to the ready queue when its Redis fails, on a Redis of its own. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RedisReadyQueueFaultsTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final Set<String> ALL = Set.of();

  @TempDir private static Path dir;
  private static RedisServer server;

  private final Messages messages = new Messages();
  private RedisReadyQueue queue;

  @BeforeAll
  static void startServer() {
    server = RedisServer.start(ServerOptions.in(dir));
  }

  @AfterAll
  static void stopServer() {
    server.kill();
  }

  @BeforeEach
  void startEmpty() {
    server.start();
    configure("flushall");
    queue = new RedisReadyQueue(config(server.uri()));
  }

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void isBlankAfterAFlushAndLearnsAgainWhatRuns() throws Exception {
    Job running = messages.one();
    push(running);
    queue.markRebuilt(Duration.ZERO);
    take("w");

    configure("flushall");

    assertThat(queue.blank()).isTrue();
    assertThat(queue.extend("w", Messages.envelopes(List.of(running)), LEASE)).isEmpty();
    assertThat(queue.extend("v", Messages.envelopes(List.of(running)), LEASE))
        .containsExactly(Messages.id(running));
    push(running);
    assertThat(take("v")).isEmpty();
  }

  @Test
  void reloadsItsScripts() throws Exception {
    Job job = messages.one();
    push(job);

    configure("script", "flush");

    assertThat(take("w")).hasSize(1);
  }

  @Test
  void worksAgainAfterARestart() throws Exception {
    push(messages.one());
    queue.markRebuilt(Duration.ZERO);
    server.kill();

    assertThatThrownBy(queue::depth)
        .isInstanceOf(UnavailableException.class)
        .hasMessageStartingWith("ready queue is unavailable: ");
    assertThatThrownBy(() -> take("w")).isInstanceOf(UnavailableException.class);

    server.start();

    assertThat(queue.depth()).isNotNull();
    push(messages.one());
    assertThat(take("w")).isNotEmpty();
  }

  @Test
  void usesOneFreshConnectionWhereAllOfThePoolAreDead() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> calls =
          LongStream.range(0, 8).<Future<?>>mapToObj(_ -> threads.submit(queue::depth)).toList();
      for (Future<?> call : calls) {
        call.get(60, TimeUnit.SECONDS);
      }
    }

    server.restart();

    push(messages.one());
    assertThat(take("w")).hasSize(1);
  }

  @Test
  void wakesTakersAgainAfterARestart() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      push(messages.one());
      assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LEASE, LEASE))).hasSize(1);
      awaitSubscribers(1);
      server.restart();
      awaitSubscribers(1);

      Future<List<Job>> taken =
          threads.submit(() -> queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LEASE, LEASE)));
      push(messages.one());

      assertThat(taken.get(2, TimeUnit.MINUTES)).hasSize(1);
    }
  }

  @Test
  void givesUpOnAServerThatDoesNotAnswer() {
    try (RedisReadyQueue hasty = new RedisReadyQueue(hasty(server.uri()))) {
      // Also hasty while this machine is busy with other work.
      await()
          .ignoreExceptionsInstanceOf(UnavailableException.class)
          .until(() -> hasty.depth() != null);
      server.pause();
      try {
        long start = System.nanoTime();
        assertThatThrownBy(() -> hasty.push(List.of(messages.one())))
            .isInstanceOf(UnavailableException.class);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(50));
      } finally {
        server.resume();
      }
      await()
          .ignoreExceptionsInstanceOf(UnavailableException.class)
          .until(() -> hasty.depth() != null);
    }
  }

  @Test
  void givesUpOnAnAddressWhereNobodyAnswers() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RedisReadyQueue nobody =
            new RedisReadyQueue(hasty("redis://127.0.0.1:" + silent.getLocalPort()))) {
      long start = System.nanoTime();
      assertThatThrownBy(nobody::blank).isInstanceOf(UnavailableException.class);
      silent.close();
      assertThatThrownBy(nobody::blank).isInstanceOf(UnavailableException.class);
      assertThatThrownBy(() -> nobody.take(TakeRequest.ofAllTypes("w", ALL, 1, LEASE, LEASE)))
          .isInstanceOf(UnavailableException.class);
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(50));
    }
  }

  @Test
  void refusesABatchWholeWhenMemoryIsFull() throws Exception {
    List<Job> batch = messages.many(100);
    List<StreamRecord> announced =
        LongStream.range(0, batch.size())
            .mapToObj(i -> StreamRecords.of(batch.get((int) i), "jobs-0", i))
            .toList();
    queue.dispatch(announced.subList(0, 1));
    configure("config", "set", "maxmemory", "1");
    try {
      assertThatThrownBy(() -> queue.dispatch(announced))
          .isInstanceOf(UnavailableException.class)
          .hasMessage("ready queue is unavailable: Redis has reached its maxmemory");
      assertThat(queue.depth()).containsEntry("default", 1L);
      assertThat(queue.unknown(Messages.ids(batch))).hasSize(99);
    } finally {
      configure("config", "set", "maxmemory", "0");
    }
    assertThat(queue.dispatch(announced)).containsEntry("default", 100L);
  }

  @Test
  void isUnfitWhileMemoryIsFull() {
    queue.ping();
    configure("config", "set", "maxmemory", "1");
    try {
      assertThatThrownBy(queue::ping)
          .isInstanceOf(UnavailableException.class)
          .hasMessage("ready queue is unavailable: Redis has reached its maxmemory");
    } finally {
      configure("config", "set", "maxmemory", "0");
    }
    queue.ping();
  }

  @Test
  void isUnfitWhenRedisMayEvictJobs() {
    configure("config", "set", "maxmemory-policy", "allkeys-lru");
    try {
      assertThatThrownBy(queue::ping)
          .isInstanceOf(UnavailableException.class)
          .hasMessageEndingWith("its maxmemory-policy is allkeys-lru and must be noeviction");
      configure("config", "set", "maxmemory-policy", "volatile-lru");
      queue.ping();
    } finally {
      configure("config", "set", "maxmemory-policy", "noeviction");
    }
    queue.ping();
  }

  @Test
  void worksForAUserWhoMayNotAskAboutMemory() throws Exception {
    configure("acl", "setuser", "narrow", "on", ">secret", "~*", "&*", "+@all", "-info", "-config");
    try (RedisReadyQueue narrow =
        new RedisReadyQueue(config("redis://narrow:secret@127.0.0.1:" + server.port() + "/0"))) {
      assertThat(narrow.push(messages.many(2))).containsEntry("default", 2L);
      narrow.ping();
    } finally {
      configure("acl", "deluser", "narrow");
    }
  }

  @Test
  void drainsWhenMemoryIsFull() throws Exception {
    List<Job> jobs = messages.many(4);
    queue.push(jobs);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, Duration.ofMillis(100), NO_WAIT));
    configure("config", "set", "maxmemory", "1");
    try {
      assertThat(take("w")).hasSize(3);
      TestQueues.letPass(Duration.ofMillis(100));
      assertThat(queue.reclaimExpired("r", 10, LEASE)).hasSize(1);
      assertThat(queue.extend("r", Messages.envelopes(jobs.subList(0, 1)), LEASE)).isEmpty();
      queue.release("w", List.of(jobs.get(1)));
      assertThat(queue.depth()).containsEntry("default", 1L);
      queue.ack(Messages.ids(jobs));
      assertThat(queue.depth()).containsEntry("default", 0L);
      assertThat(queue.unknown(Messages.ids(jobs))).isEmpty();
    } finally {
      configure("config", "set", "maxmemory", "0");
    }
  }

  @Test
  void keepsTheWrongPasswordToItself() {
    configure("config", "set", "requirepass", "right-secret");
    String address = "127.0.0.1:" + server.port();
    try (RedisReadyQueue right =
            new RedisReadyQueue(config("redis://:right-secret@" + address + "/0"));
        RedisReadyQueue wrong =
            new RedisReadyQueue(config("redis://default:wrong-secret@" + address))) {
      assertThat(right.depth()).isEmpty();
      assertThatThrownBy(wrong::depth)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("WRONGPASS")
          .hasMessageNotContaining("secret")
          .hasStackTraceContaining("Jedis")
          .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret"));
      assertThatThrownBy(() -> new RedisReadyQueue(config("redis://" + address)).depth())
          .isInstanceOf(UnavailableException.class);
    } finally {
      try (RedisClient client = RedisClient.create("redis://:right-secret@" + address)) {
        client.sendCommand(() -> ascii("config"), "set", "requirepass", "");
      }
    }
  }

  @Test
  void sparesAnIdleServer() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LEASE, Duration.ofMillis(1)));
      awaitSubscribers(1);
      configure("config", "resetstat");
      Future<?> all =
          threads.submit(
              () -> queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LEASE, Duration.ofSeconds(4))));
      Future<?> some =
          threads.submit(
              () ->
                  queue.take(
                      TakeRequest.ofAllTypes(
                          "v", Set.of("a", "b"), 1, LEASE, Duration.ofSeconds(4))));
      all.get(2, TimeUnit.MINUTES);
      some.get(2, TimeUnit.MINUTES);

      try (RedisClient client = RedisClient.create(server.uri())) {
        String stats = client.info("commandstats");
        assertThat(calls(stats, "evalsha")).isBetween(2L, 12L);
        assertThat(calls(stats, "subscribe")).isZero();
        assertThat(calls(stats, "ping")).isZero();
      }
    }
  }

  @Test
  void closingEndsAWaitAndItsSubscription() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<List<Job>> taken =
          threads.submit(
              () -> queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LEASE, Duration.ofMinutes(5))));
      awaitSubscribers(1);

      queue.close();

      assertThatThrownBy(() -> taken.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnavailableException.class);
      awaitSubscribers(0);
      assertThatThrownBy(queue::depth).isInstanceOf(UnavailableException.class);
    }
  }

  private void push(Job message) {
    queue.push(List.of(message));
  }

  private List<Job> take(String worker) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes(worker, ALL, 10, LEASE, NO_WAIT));
  }

  /** Of one that gives up soon. */
  private static RedisConfig hasty(String url) {
    RedisConfig config = config(url);
    config.setConnectTimeout(io.dropwizard.util.Duration.seconds(1));
    config.setTimeout(io.dropwizard.util.Duration.seconds(1));
    return config;
  }

  private static RedisConfig config(String url) {
    RedisConfig config = new RedisConfig();
    config.setUrl(url);
    config.setConnectTimeout(io.dropwizard.util.Duration.seconds(60));
    config.setTimeout(io.dropwizard.util.Duration.seconds(60)); // for machines with much to do
    return config;
  }

  private static void configure(String command, String... arguments) {
    try (RedisClient client = RedisClient.create(server.uri())) {
      client.sendCommand(() -> ascii(command), arguments);
    }
  }

  private static void awaitSubscribers(long count) {
    await()
        .untilAsserted(
            () -> {
              try (RedisClient client = RedisClient.create(server.uri())) {
                List<?> reply =
                    (List<?>) client.sendCommand(() -> ascii("pubsub"), "numsub", "{qq}:2:wake");
                assertThat(reply.get(1)).isEqualTo(count);
              }
            });
  }

  private static long calls(String stats, String command) {
    return stats
        .lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
        .sum();
  }

  private static String stackTrace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
