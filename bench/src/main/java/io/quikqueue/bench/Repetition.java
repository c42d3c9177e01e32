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
    return usage(process).cpuSeconds() * 1e6 / Math.max(1, jobs);
  }

  /** Bytes that a process wrote to disks per byte of payload. */
  double writtenPerByte(String process, int payload) {
    return usage(process).written() / Math.max(1, jobs * payload);
  }

  private Usage usage(String process) {
    return used.getOrDefault(process, Usage.NONE);
  }

  /** This process' part of the CPU time of all that were looked at, 0 to 1. */
  double generatorShare() {
    double all = used.values().stream().mapToDouble(Usage::cpuSeconds).sum();
    return all == 0 ? 0 : usage(Processes.GENERATOR).cpuSeconds() / all;
  }
}
