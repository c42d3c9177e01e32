package io.quikqueue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.Duration;
import io.quikqueue.contracts.Seeds;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.redis.LyingRedis.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever Redis answers, a call returns what it promises or throws {@link UnavailableException},
 * soon, and the next call is none the worse for it.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RedisRepliesFuzzTest {

  private static final java.time.Duration LEASE = java.time.Duration.ofMinutes(5);
  private static final java.time.Duration NO_WAIT = java.time.Duration.ZERO;
  private static final int ROUNDS = 1_000;
  private static final int JOBS = 3;
  private static final long SLOW = TimeUnit.SECONDS.toNanos(90);

  private enum Operation {
    TAKE,
    RECLAIM_EXPIRED,
    PUSH,
    DEPTH,
    EXTEND,
    UNKNOWN,
    BLANK,
    MARK_REBUILT,
    ACK,
    ASSUME_LEASED
  }

  private final List<Job> messages = new Messages().many(JOBS);

  static LongStream seeds() {
    return Seeds.of(3);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void garbageIsUnavailable(long seed) throws Exception {
    Random random = new Random(seed);
    AtomicReference<Answer> next = new AtomicReference<>();
    int unavailable = 0;
    try (LyingRedis redis = new LyingRedis(command -> next.get());
        RedisReadyQueue queue = new RedisReadyQueue(config(redis.uri()))) {
      for (int i = 0; i < ROUNDS; i++) {
        Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
        Answer reply = Resp.mutated(right(operation), random);
        next.set(reply);
        long start = System.nanoTime();
        try {
          call(operation, queue);
        } catch (UnavailableException e) {
          unavailable++;
        } catch (RuntimeException | Error e) {
          throw new AssertionError(told(seed, operation, reply), e);
        }
        next.set(new Answer(Resp.of(List.of(0L, 0L, "noeviction", "mail", 7L)), false));
        assertThat(queue.depth()).as(told(seed, operation, reply)).isEqualTo(Map.of("mail", 7L));
        assertThat(System.nanoTime() - start).as(told(seed, operation, reply)).isLessThan(SLOW);
      }
    }
    assertThat(unavailable).isBetween(ROUNDS / 4, ROUNDS - 1);
  }

  /** The thread that listens is there for all takers, and for good. */
  @Test
  void garbageDoesNotEndTheSubscription() throws Exception {
    Random random = new Random(5);
    Semaphore subscribed = new Semaphore(0);
    List<Object> right = List.of("subscribe", "wake", 1L);
    Answer nothing = new Answer(Resp.of(List.of(-1L)), false);
    try (LyingRedis redis =
            new LyingRedis(
                command -> {
                  if (!command.equals("SUBSCRIBE")) {
                    return nothing;
                  }
                  subscribed.release();
                  return new Answer(Resp.mutated(right, random).bytes(), true);
                });
        RedisReadyQueue queue = new RedisReadyQueue(config(redis.uri()))) {
      queue.take(TakeRequest.ofAllTypes("w", Set.of(), 1, LEASE, java.time.Duration.ofMillis(1)));

      assertThat(subscribed.tryAcquire(10, 300, TimeUnit.SECONDS))
          .as("it subscribes again")
          .isTrue();
    }
  }

  private List<Object> right(Operation operation) {
    return switch (operation) {
      case TAKE, RECLAIM_EXPIRED -> {
        List<Object> right = new ArrayList<>();
        if (operation == Operation.TAKE) {
          right.add(-1L);
        }
        for (Job message : messages) {
          right.add(message.id().bytes());
          right.add((long) message.attempt());
          right.add(JobBody.write(message));
          if (operation == Operation.RECLAIM_EXPIRED) {
            right.add("w".getBytes(StandardCharsets.UTF_8));
          }
        }
        yield right;
      }
      case PUSH, DEPTH -> List.of(9L, 0L, "noeviction", "default", 3L, "mail", 0L);
      case EXTEND, UNKNOWN -> List.of(0L, 1L, 1L);
      case BLANK, MARK_REBUILT, ACK, ASSUME_LEASED -> List.of();
    };
  }

  private void call(Operation operation, RedisReadyQueue queue) throws InterruptedException {
    List<AttemptId> ids = Messages.ids(messages);
    switch (operation) {
      case TAKE ->
          requireOurs(
              Messages.ids(
                  queue.take(TakeRequest.ofAllTypes("w", Set.of(), JOBS, LEASE, NO_WAIT))));
      case RECLAIM_EXPIRED ->
          requireOurs(
              queue.reclaimExpired("r", JOBS, LEASE).stream().map(ExpiredLease::attempt).toList());
      case PUSH -> requireWhole(queue.push(messages));
      case DEPTH -> requireWhole(queue.depth());
      case EXTEND ->
          assertThat(ids).containsAll(queue.extend("w", Messages.envelopes(messages), LEASE));
      case UNKNOWN -> assertThat(ids).containsAll(queue.unknown(ids));
      case BLANK -> assertThat(queue.blank()).isIn(true, false);
      case MARK_REBUILT -> queue.markRebuilt(NO_WAIT);
      case ACK -> queue.ack(ids);
      case ASSUME_LEASED -> queue.assumeLeased(Messages.envelopes(messages), LEASE);
    }
  }

  private void requireOurs(List<AttemptId> taken) {
    assertThat(taken).hasSizeLessThanOrEqualTo(JOBS);
    assertThat(new HashSet<>(Messages.ids(messages))).containsAll(taken);
  }

  private static void requireWhole(Map<String, Long> depths) {
    depths.forEach(
        (queue, depth) -> {
          assertThat(queue).isNotNull();
          assertThat(depth).isNotNull();
        });
  }

  private static String told(long seed, Operation operation, Answer reply) {
    String sent = new String(reply.bytes(), StandardCharsets.ISO_8859_1);
    return Seeds.told(seed) + " " + operation + " <- " + sent;
  }

  private static RedisConfig config(String uri) {
    RedisConfig config = new RedisConfig();
    config.setUrl(uri);
    config.setConnectTimeout(Duration.seconds(10));
    config.setTimeout(Duration.seconds(10));
    return config;
  }
}
