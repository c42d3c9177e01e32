package io.quikqueue.runtime;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that was meant by a misspelt one. */
final class Nearest {

  private Nearest() {}

  /** The most similar one, when at most a third of the letters differ. */
  static Optional<String> of(String wrong, Collection<String> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream()
        .min(Comparator.comparingInt(each -> distance.apply(each, wrong)))
        .filter(each -> distance.apply(each, wrong) <= Math.max(2, wrong.length() / 3));
  }
}
