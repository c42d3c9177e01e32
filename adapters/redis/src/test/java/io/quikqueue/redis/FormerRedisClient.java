package io.quikqueue.redis;

import io.quikqueue.contracts.FormerReader;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.UnreadableMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.RedisClient;

/**
 * What the version before envelopes does with a ready queue in Redis: its scripts, which stay as
 * they are in {@code resources/former}, its arguments and its reader. For tests of mixed versions.
 */
final class FormerRedisClient implements AutoCloseable {

  private final RedisClient client;
  private final byte[] prefix;

  FormerRedisClient(RedisClient client, byte[] prefix) {
    this.client = client;
    this.prefix = prefix;
  }

  /** A lease that expired. */
  record Expired(Job job, String holder) {}

  /** Pushes a job that came from nowhere, as its bytes. */
  void push(Job job, byte[] body) {
    run("push", arguments(body, job), List.of(bytes(""), bytes("")));
  }

  /** Takes up to ten jobs of any type. */
  List<Job> take(String worker, Duration lease) {
    List<Object> reply =
        run(
            "take",
            List.of(
                bytes(worker),
                number(lease.toMillis()),
                number(10),
                number(100),
                number(0),
                number(0)));
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < reply.size(); i += 3) {
      read(worker, (byte[]) reply.get(i), (byte[]) reply.get(i + 2), jobs);
    }
    return jobs;
  }

  /** Renews a lease: 0 = leased, 1 = lost; asks again with the body when it is wanted. */
  long extend(String worker, Job job, byte[] body, Duration lease) {
    List<byte[]> who = List.of(bytes(worker), number(lease.toMillis()));
    long outcome = (Long) run("extend", who, arguments(bytes(""), job)).getFirst();
    return outcome == 2 ? (Long) run("extend", who, arguments(body, job)).getFirst() : outcome;
  }

  void release(String worker, Job job, byte[] body) {
    run("release", List.of(bytes(worker), job.id().bytes(), number(job.attempt()), body));
  }

  List<Expired> reclaimExpired(String rescuer, Duration lease) {
    List<Object> reply =
        run("reclaim_expired", List.of(bytes(rescuer), number(lease.toMillis()), number(10)));
    List<Expired> expired = new ArrayList<>();
    for (int i = 0; i < reply.size(); i += 4) {
      List<Job> job = new ArrayList<>();
      read(rescuer, (byte[]) reply.get(i), (byte[]) reply.get(i + 2), job);
      String holder = new String((byte[]) reply.get(i + 3), StandardCharsets.UTF_8);
      job.forEach(each -> expired.add(new Expired(each, holder)));
    }
    return expired;
  }

  /** What cannot be read is lost to Redis. */
  private void read(String holder, byte[] id, byte[] body, List<Job> jobs) {
    try {
      Job job = FormerReader.read(body);
      if (!job.id().equals(JobId.of(id))) {
        throw new UnreadableMessageException("found under another id");
      }
      jobs.add(job);
    } catch (UnreadableMessageException e) {
      run("discard", List.of(bytes(holder), id));
    }
  }

  private static List<byte[]> arguments(byte[] body, Job job) {
    return List.of(
        job.id().bytes(),
        number(job.attempt()),
        number(job.spec().priority()),
        bytes(job.spec().queue() + '/' + job.spec().type()),
        body);
  }

  @SafeVarargs
  @SuppressWarnings("unchecked") // scripts answer with lists
  private List<Object> run(String script, List<byte[]>... arguments) {
    List<byte[]> all = new ArrayList<>(List.of(number(TestQueues.MEMORY.toMillis())));
    Arrays.stream(arguments).forEach(all::addAll);
    byte[] source = bytes(text("prelude") + text(script));
    Object reply = client.eval(source, List.of(prefix), all);
    return reply == null ? List.of() : (List<Object>) reply;
  }

  private static String text(String script) {
    try (InputStream in =
        FormerRedisClient.class.getResourceAsStream("/former/" + script + ".lua")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] number(long value) {
    return bytes(Long.toString(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
  }
}
