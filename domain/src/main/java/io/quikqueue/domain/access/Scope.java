package io.quikqueue.domain.access;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OutOfScopeException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which jobs a caller has to do with: those whose queue and type both match. A pattern is a name,
 * or the beginning of names with a {@code *} behind it; {@code *} alone matches all.
 *
 * @param queues patterns of queues; none = no queue
 * @param types patterns of types; none = no type
 */
public record Scope(Set<String> queues, Set<String> types) {

  /** The most patterns of each kind. */
  public static final int MOST = 20;

  private static final String ANY = "*";
  private static final Set<String> ALL_NAMES = Set.of(ANY);
  private static final Pattern QUEUE = Pattern.compile("\\*|[a-z0-9][a-z0-9_.-]{0,63}\\*?");
  private static final Pattern TYPE = Pattern.compile("\\*|[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\\*?");

  /** All jobs. */
  public static final Scope ALL = new Scope(ALL_NAMES, ALL_NAMES);

  /** No job. */
  public static final Scope NONE = new Scope(Set.of(), Set.of());

  /**
   * Throws an {@link InvalidFieldException} that names {@code queues} or {@code types} when a
   * pattern is none or there are too many.
   */
  public Scope {
    queues = checked("queues", queues, QUEUE);
    types = checked("types", types, TYPE);
  }

  private static Set<String> checked(String field, Set<String> patterns, Pattern form) {
    if (patterns.size() > MOST) {
      throw new InvalidFieldException(field, "must be at most " + MOST + " patterns");
    }
    for (String pattern : patterns) {
      if (!form.matcher(pattern).matches()) {
        throw new InvalidFieldException(
            field, "must be names, or the beginnings of names with a * behind them");
      }
    }
    return patterns.contains(ANY) ? ALL_NAMES : Set.copyOf(patterns);
  }

  /** Whether it leaves nothing out. */
  public boolean isAll() {
    return hasAllQueues() && hasAllTypes();
  }

  /** Whether jobs of this type in this queue are within it. */
  public boolean covers(String queue, String type) {
    return matches(queues, queue) && matches(types, type);
  }

  public boolean covers(JobSpec spec) {
    return covers(spec.queue(), spec.type());
  }

  /** Whether all of these jobs are within it; where there are none, nobody can say whose it is. */
  public boolean covers(Reach reach) {
    return isAll()
        || (!reach.kinds().isEmpty()
            && reach.kinds().stream().allMatch(kind -> covers(kind.queue(), kind.type())));
  }

  /** Whether jobs in this queue may be within it. */
  public boolean coversQueue(String queue) {
    return matches(queues, queue) && !types.isEmpty();
  }

  /** Whether all jobs in this queue are within it. */
  public boolean coversWholeQueue(String queue) {
    return matches(queues, queue) && hasAllTypes();
  }

  /** Whether jobs of this type may be within it. */
  public boolean coversType(String type) {
    return matches(types, type) && !queues.isEmpty();
  }

  /** Whether all jobs of this type are within it. */
  public boolean coversWholeType(String type) {
    return matches(types, type) && hasAllQueues();
  }

  /** Whether it has all types. */
  public boolean hasAllTypes() {
    return types.contains(ANY);
  }

  /** Whether it has all queues. */
  public boolean hasAllQueues() {
    return queues.contains(ANY);
  }

  /**
   * Refuses a job that would reach beyond it, by itself, by its callback, or by the line or the
   * slot that it shares.
   *
   * @throws OutOfScopeException naming the field
   */
  public void require(JobSpec spec) {
    if (isAll()) {
      return;
    }
    requireQueue("queue", spec.queue());
    if (!matches(types, spec.type())) {
      throw new OutOfScopeException("type", "is outside the scope of the key");
    }
    if (spec.callback() != null && !hasAllTypes()) {
      throw new OutOfScopeException(
          "callback", "calls any address, which a key for some types of job may not");
    }
    if (spec.orderingKey() != null && !hasAllTypes()) {
      throw new OutOfScopeException(
          "ordering_key", "has jobs of all types in its line, which a key for some types may not");
    }
    if (spec.unique() != null) {
      boolean alone =
          switch (spec.unique().within()) {
            case QUEUE -> hasAllTypes();
            case TYPE -> hasAllQueues();
          };
      if (!alone) {
        throw new OutOfScopeException(
            "unique.within", "has jobs among it that are outside the scope of the key");
      }
    }
  }

  /** Refuses a queue that is not within it; throws as {@link #require} does. */
  public void requireQueue(String field, String queue) {
    if (!matches(queues, queue)) {
      throw new OutOfScopeException(field, "is outside the scope of the key");
    }
  }

  private static boolean matches(Set<String> patterns, String name) {
    return patterns.contains(ANY) || patterns.contains(name) || begins(patterns, name);
  }

  private static boolean begins(Set<String> patterns, String name) {
    for (String pattern : patterns) {
      int last = pattern.length() - 1;
      if (pattern.charAt(last) == '*' && name.startsWith(pattern.substring(0, last))) {
        return true;
      }
    }
    return false;
  }

  /** Patterns in one text, for {@link #parse}; they have no commas. */
  public static String text(Set<String> patterns) {
    return String.join(",", new TreeSet<>(patterns));
  }

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Scope parse(String queues, String types) {
    return new Scope(split(queues), split(types));
  }

  private static Set<String> split(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(","));
  }
}
