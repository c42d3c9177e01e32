package io.quikqueue.contracts;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/** The logs of the jobs of an {@link InMemoryStore}, under its lock. */
final class InMemoryJobLogs implements JobLogs {

  private final Object lock;
  private final NavigableMap<JobId, Job> jobs;
  private final Map<JobId, List<Numbered>> logs = new HashMap<>();

  InMemoryJobLogs(Object lock, NavigableMap<JobId, Job> jobs) {
    this.lock = lock;
    this.jobs = jobs;
  }

  @Override
  public void append(List<LogLine> lines) {
    synchronized (lock) {
      for (LogLine line : lines) {
        if (jobs.containsKey(line.attempt().job())) {
          append(logs.computeIfAbsent(line.attempt().job(), _ -> new ArrayList<>()), line);
        }
      }
    }
  }

  private static void append(List<Numbered> log, LogLine line) {
    long number = log.isEmpty() ? 1 : log.getLast().number() + 1;
    log.add(new Numbered(number, line.attempt().number(), line.at(), line.text()));
    while (log.size() > MOST_LINES || bytes(log) > MOST_BYTES) {
      log.removeFirst();
    }
  }

  private static int bytes(List<Numbered> log) {
    return log.stream().mapToInt(line -> line.text().getBytes(StandardCharsets.UTF_8).length).sum();
  }

  @Override
  public List<Numbered> lines(JobId job, long after, int limit) {
    synchronized (lock) {
      return logs.getOrDefault(job, List.of()).stream()
          .filter(line -> line.number() > after)
          .limit(limit)
          .toList();
    }
  }

  void removed(Set<JobId> gone) {
    logs.keySet().removeAll(gone);
  }
}
