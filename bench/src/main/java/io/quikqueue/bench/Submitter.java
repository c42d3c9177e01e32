package io.quikqueue.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Submits jobs over several connections, each with a thread of its own. */
final class Submitter {

  private static final JsonFactory JSON = new JsonFactory();
  private static final long START_SECONDS = 30;

  private final Target target;
  private final Duration timeout;
  private final Troubles troubles;

  /**
   * @param timeout how long an answer may take
   */
  Submitter(Target target, Duration timeout, Troubles troubles) {
    this.target = target;
    this.timeout = timeout;
    this.troubles = troubles;
  }

  /**
   * What is submitted.
   *
   * @param inTurn sent one after the other, again and again
   * @param requests how many submits
   * @param jobsEach jobs in each of them
   * @param perSecond submits are begun at this rate, however late the answers are; 0 = each client
   *     begins one when it has the answer to the one before
   */
  record Load(List<byte[]> inTurn, int requests, int jobsEach, int clients, int perSecond) {

    byte[] request(int number) {
      return inTurn.get(number % inTurn.size());
    }

    /** Monotonic nanoseconds after the beginning at which this submit should be sent. */
    long intended(int number) {
      return TimeUnit.SECONDS.toNanos(number) / perSecond;
    }
  }

  /**
   * What came of it.
   *
   * @param begin monotonic nanoseconds when all connections were open and the first submit could go
   * @param end monotonic nanoseconds of the last answer
   * @param accepted jobs
   * @param latency of the submits in nanoseconds; with a rate, from the moment each should have
   *     been sent, so that a generator or server that falls behind does not look fast
   */
  record Submission(long begin, long end, long accepted, Histogram latency) {
    double seconds() {
      return (end - begin) / 1e9;
    }
  }

  /** Told of every accepted submit, by the client's thread, right after its answer. */
  @FunctionalInterface
  interface Watcher {
    void accepted(int number, Answer answer);
  }

  /** Submits all, unless too many are refused; refusals are counted as troubles. */
  Submission run(Load load, Watcher watcher) {
    Histogram latency = Latency.histogram();
    long begin;
    long end = 0;
    long accepted = 0;
    int clients = Math.min(load.clients(), load.requests());
    AtomicInteger next = new AtomicInteger();
    long[] started = new long[1];
    CyclicBarrier together = new CyclicBarrier(clients, () -> started[0] = System.nanoTime());
    List<HttpConnection> connections = new ArrayList<>();
    List<Callable<Submission>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (int i = 0; i < clients; i++) {
        HttpConnection connection = new HttpConnection(target, timeout);
        connections.add(connection);
        connection.open();
        all.add(() -> client(connection, load, watcher, next, together, started));
      }
      for (Future<Submission> client : threads.invokeAll(all)) {
        Submission part = client.get();
        latency.add(part.latency());
        end = Math.max(end, part.end());
        accepted += part.accepted();
      }
      begin = started[0];
    } catch (IOException e) {
      throw new BenchException("cannot connect to " + target.authority() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    } catch (ExecutionException e) {
      throw new BenchException("cannot submit: " + e.getCause(), e);
    } finally {
      connections.forEach(HttpConnection::close);
    }
    if (troubles.tooMany()) {
      throw new BenchException("too many submits came to nothing");
    }
    return new Submission(begin, end, accepted, latency);
  }

  private Submission client(
      HttpConnection connection,
      Load load,
      Watcher watcher,
      AtomicInteger next,
      CyclicBarrier together,
      long[] started)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    Histogram latency = Latency.histogram();
    long accepted = 0;
    together.await(START_SECONDS, TimeUnit.SECONDS);
    long begin = started[0];
    long end = begin;
    for (int i = next.getAndIncrement();
        i < load.requests() && !troubles.tooMany();
        i = next.getAndIncrement()) {
      long sent = System.nanoTime();
      if (load.perSecond() > 0) {
        sent = begin + load.intended(i);
        waitUntil(sent);
      }
      try {
        Answer answer = connection.exchange(load.request(i));
        end = System.nanoTime();
        Latency.record(latency, end - sent);
        int jobs = acceptedJobs(answer, load.jobsEach());
        accepted += jobs;
        if (jobs > 0) {
          watcher.accepted(i, answer);
        }
      } catch (IOException e) {
        troubles.unanswered(load.jobsEach(), e.toString());
      }
    }
    return new Submission(begin, end, accepted, latency);
  }

  private static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private int acceptedJobs(Answer answer, int jobs) throws IOException {
    int refused = jobs;
    if (answer.status() == 202) {
      refused = jobs == 1 ? 0 : refusedItems(answer.body());
    }
    if (refused > 0) {
      troubles.refused(refused, answer.brief());
    }
    return jobs - refused;
  }

  /** The items in the answer to a batch that have an error. */
  static int refusedItems(byte[] body) throws IOException {
    int refused = 0;
    int depth = 0;
    try (JsonParser json = JSON.createParser(body)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (depth == 3
            && token == JsonToken.FIELD_NAME
            && json.currentName().equals("error")) {
          refused++;
        }
      }
    }
    return refused;
  }
}
