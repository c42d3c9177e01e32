package io.quikqueue.bench;

import java.util.EnumSet;
import java.util.Set;

/** What can be measured. */
enum Figure {
  A1("A1", "accepted, one submit per job"),
  A2("A2", "accepted, in batches"),
  B("B", "finished, from a full queue"),
  C("C", "submitted one by one and finished"),
  C_BULK("C-bulk", "submitted in batches and finished"),
  D("D", "latency at a steady rate"),
  H("H", "http jobs, submitted in batches and finished"),
  W("W", "nodes of a chain, each after the one before"),
  COLD("cold", "the first jobs after a start, one by one, and finished");

  /** Those for which a deployment need not be prepared. */
  static final Set<Figure> USUAL = Set.copyOf(EnumSet.range(A1, D));

  private final String label;
  private final String what;

  Figure(String label, String what) {
    this.label = label;
    this.what = what;
  }

  String label() {
    return label;
  }

  String what() {
    return what;
  }

  /** Throws an IllegalArgumentException when there is no such figure. */
  static Figure of(String label) {
    for (Figure figure : values()) {
      if (figure.label.equalsIgnoreCase(label)) {
        return figure;
      }
    }
    throw new IllegalArgumentException(
        "--figures must be of A1, A2, B, C, C-bulk, D, H, W and cold, was " + label);
  }
}
