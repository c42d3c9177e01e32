package io.quikqueue.domain.schedule;

/**
 * What becomes of local times that do not exist, and of those that exist twice.
 *
 * @param gap of those that do not exist
 * @param overlap of those that exist twice
 */
public record Dst(Gap gap, Overlap overlap) {

  public static final Dst DEFAULT = new Dst(Gap.SHIFT, Overlap.FIRST);

  /** What becomes of a local time that does not exist. */
  public enum Gap {
    /** It is later by the length of the gap: 02:30 becomes 03:30. */
    SHIFT,
    /** It is left out. */
    SKIP
  }

  /** What becomes of a local time that exists twice, where the hour is restricted. */
  public enum Overlap {
    FIRST,
    BOTH
  }
}
