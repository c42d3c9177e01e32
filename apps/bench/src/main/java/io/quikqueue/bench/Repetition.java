package io.quikqueue.bench;

import io.quikqueue.bench.Processes.Usage;
import java.util.Map;

/**
 * One measurement of a figure.
 *
 * @param jobs what the CPU time is divided by
 * @param values by name, which ends in the unit, in the order to show them
 * @param used by each process during the measured time
 */
record Repetition(long jobs, Map<String, Double> values, Map<String, Usage> used) {

  double cpuMicrosPerJob(String process) {
    return used.getOrDefault(process, new Usage(0, 0)).cpuSeconds() * 1e6 / Math.max(1, jobs);
  }

  /** This process' part of the CPU time of all that were looked at, 0 to 1. */
  double generatorShare() {
    double all = used.values().stream().mapToDouble(Usage::cpuSeconds).sum();
    return all == 0
        ? 0
        : used.getOrDefault(Processes.GENERATOR, new Usage(0, 0)).cpuSeconds() / all;
  }
}
