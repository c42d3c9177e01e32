package io.quikqueue.runtime;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that was meant by a misspelt one. */
final class Nearest {

  private Nearest() {}

  /** The most similar one, when at most a third of the letters differ. */
  static Optional<String> of(String wrong, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(each -> distance(each, wrong)))
        .filter(each -> distance(each, wrong) <= Math.max(2, wrong.length() / 3));
  }

  /** Letters that changed places are the commonest slip, and count as one. */
  private static int distance(String known, String wrong) {
    return Arrays.equals(known.chars().sorted().toArray(), wrong.chars().sorted().toArray())
        ? 1
        : LevenshteinDistance.getDefaultInstance().apply(known, wrong);
  }
}
