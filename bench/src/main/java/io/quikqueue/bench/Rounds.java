package io.quikqueue.bench;

import io.quikqueue.bench.Api.Times;
import io.quikqueue.bench.Api.Totals;
import io.quikqueue.bench.Drain.Drained;
import io.quikqueue.bench.Processes.Usage;
import io.quikqueue.bench.Submitter.Load;
import io.quikqueue.bench.Submitter.Submission;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The ways in which jobs are submitted and waited for; each ends with an empty queue. */
final class Rounds {

  private static final int BULK_CLIENTS = 4;
  private static final int HOLD_TRIES = 3;
  private static final Duration HOLD_LEAST = Duration.ofSeconds(3);

  private final BenchOptions options;
  private final Requests requests;
  private final Api api;
  private final Submitter submitter;
  private final Drain drain;
  private final Hold hold;
  private final Processes processes;
  private final Troubles troubles;

  Rounds(
      BenchOptions options,
      Api api,
      Submitter submitter,
      Drain drain,
      Processes processes,
      Troubles troubles) {
    this.options = options;
    this.requests = new Requests(options.target(), options.groups());
    this.api = api;
    this.submitter = submitter;
    this.drain = drain;
    this.hold = new Hold(api, drain, options.holdQueue(), options.secondHoldQueue());
    this.processes = processes;
    this.troubles = troubles;
  }

  /** Single submits, as many at once as there are clients. */
  Load singles() {
    return singles(options.jobs());
  }

  Load singles(int jobs) {
    return new Load(
        requests.singles(options.queue(), options.payload()), jobs, 1, options.clients(), 0);
  }

  /** Bulk submits of jobs that call an endpoint. */
  Load calls(String url) {
    return new Load(
        List.of(requests.calls(options.queue(), url, options.payload(), options.batch())),
        options.batches(),
        options.batch(),
        BULK_CLIENTS,
        0);
  }

  /** Bulk submits of whole batches. */
  Load batches() {
    return new Load(
        requests.batches(options.queue(), options.payload(), options.batch()),
        options.batches(),
        options.batch(),
        BULK_CLIENTS,
        0);
  }

  /** Single submits at a steady rate. */
  Load steady() {
    // No more clients than submits per second: a connection idle for long would be closed.
    return new Load(
        requests.singles(options.queue(), options.payload()),
        options.rate() * options.seconds(),
        1,
        Math.min(options.clients(), options.rate()),
        options.rate());
  }

  /** Submits and finishes at once. */
  Repetition both(Load load) {
    Totals before = empty();
    Map<String, Usage> used = processes.now();
    Submission submission = submitter.run(load, (_, _) -> {});
    Drained drained = drained(before, submission, Duration.ZERO);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("jobs_per_s", drained.jobs() / ((drained.last() - submission.begin()) / 1e9));
    values.put("accepted_per_s", submission.accepted() / submission.seconds());
    Latency.put("submit", submission.latency(), values);
    return new Repetition(drained.jobs(), values, processes.since(used));
  }

  /**
   * Submits while no worker is free, then lets the workers finish all.
   *
   * @param submitSeconds about how long the submits take
   * @param accepting the figure of the submits; null = not wanted
   * @param finishing the figure of the rest; null = not wanted
   */
  Map<Figure, Repetition> held(
      Load load, double submitSeconds, @Nullable Figure accepting, @Nullable Figure finishing) {
    Duration length = HOLD_LEAST.plusMillis((long) (submitSeconds * 2000));
    for (int i = 0; i < HOLD_TRIES; i++, length = length.multipliedBy(2)) {
      Totals before = empty();
      hold.begin(length);
      Map<String, Usage> sample = processes.now();
      Submission submission = submitter.run(load, (_, _) -> {});
      Map<String, Usage> used = processes.since(sample);
      boolean held = api.totals(options.queue()).finished() == before.finished();
      Drained drained = drained(before, submission, length);
      hold.awaitEnd(length);
      if (!held) {
        continue;
      }
      Map<Figure, Repetition> measured = new EnumMap<>(Figure.class);
      if (accepting != null) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("jobs_per_s", submission.accepted() / submission.seconds());
        Latency.put("submit", submission.latency(), values);
        measured.put(accepting, new Repetition(submission.accepted(), values, used));
      }
      if (finishing != null) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("jobs_per_s", drained.perSecond());
        measured.put(
            finishing, new Repetition(drained.jobs() - drained.atFirst(), values, drained.used()));
      }
      return measured;
    }
    throw new BenchException("the workers could not be held until all jobs were submitted");
  }

  /** Submits at a steady rate, and asks afterwards when each job was started and finished. */
  Repetition steady(Load load) {
    Totals before = empty();
    @Nullable String[] ids = new String[load.requests()];
    long[] answered = new long[load.requests()];
    Map<String, Usage> sample = processes.now();
    Submission submission =
        submitter.run(
            load,
            (number, answer) -> {
              answered[number] = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
              ids[number] = Api.id(answer);
            });
    Drained drained = drained(before, submission, Duration.ZERO);
    Map<String, Usage> used = processes.since(sample);

    Map<String, Times> times =
        api.times(options.queue(), Math.toIntExact(drained.jobs()), options.payload());
    Histogram started = Latency.histogram();
    Histogram finished = Latency.histogram();
    Histogram afterAnswer = Latency.histogram();
    for (int i = 0; i < ids.length; i++) {
      String id = ids[i];
      if (id != null) {
        Times job = times.get(id);
        if (job == null) {
          throw new BenchException("a job that was accepted is not listed: " + id);
        }
        Latency.record(started, micros(job.started() - job.created()));
        Latency.record(finished, micros(job.finished() - job.created()));
        Latency.record(afterAnswer, micros(job.started() - answered[i]));
      }
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("submits_per_s", submission.accepted() / submission.seconds());
    Latency.put("submit", submission.latency(), values);
    if (options.target().isLocal()) {
      Latency.put("answered_to_started", afterAnswer, values);
    }
    Latency.put("created_to_started", started, values);
    Latency.put("created_to_finished", finished, values);
    return new Repetition(drained.jobs(), values, used);
  }

  /** Submits a chain, and asks afterwards when each of its nodes ended. */
  Repetition chain() {
    Totals before = empty();
    int nodes = options.chainNodes();
    Map<String, Usage> sample = processes.now();
    long begin = System.nanoTime();
    api.submitChain(options.queue(), options.payload(), nodes);
    Drained drained =
        drained(before, new Submission(begin, begin, nodes, Latency.histogram()), Duration.ZERO);
    Map<String, Usage> used = processes.since(sample);
    List<Times> inOrder =
        api.times(options.queue(), nodes, options.payload()).values().stream()
            .sorted(Comparator.comparingLong(Times::finished))
            .toList();
    Histogram hops = Latency.histogram();
    for (int i = 1; i < inOrder.size(); i++) {
      Latency.record(hops, micros(inOrder.get(i).finished() - inOrder.get(i - 1).finished()));
    }
    long took = inOrder.getLast().finished() - inOrder.getFirst().started();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("nodes_per_s", inOrder.size() * 1e6 / Math.max(1, took));
    Latency.put("hop", hops, values);
    return new Repetition(drained.jobs(), values, used);
  }

  private static long micros(long micros) {
    return TimeUnit.MICROSECONDS.toNanos(micros);
  }

  private Totals empty() {
    Totals totals = api.totals(options.queue());
    if (totals.submitted() != totals.finished()) {
      throw new BenchException(
          "queue %s is in use: %d of its %d jobs have not ended"
              .formatted(
                  options.queue(), totals.submitted() - totals.finished(), totals.submitted()));
    }
    return totals;
  }

  private Drained drained(Totals before, Submission submission, Duration quiet) {
    Drained drained = drain.await(options.queue(), before, submission.accepted(), quiet);
    if (drained.done() < drained.jobs()) {
      troubles.failed(drained.jobs() - drained.done());
    }
    return drained;
  }
}
