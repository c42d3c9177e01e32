package io.quikqueue.domain.stats;

/**
 * Whose figures: of all jobs, of a queue or of a type.
 *
 * @param name of the queue or the type; empty = all
 */
public record StatsScope(Kind kind, String name) {

  /** What figures are kept for. */
  public enum Kind {
    ALL,
    QUEUE,
    TYPE
  }

  /** All jobs. */
  public static final StatsScope ALL = new StatsScope(Kind.ALL, "");

  /** The jobs of a queue. */
  public static StatsScope queue(String name) {
    return new StatsScope(Kind.QUEUE, name);
  }

  /** The jobs of a type. */
  public static StatsScope type(String name) {
    return new StatsScope(Kind.TYPE, name);
  }
}
