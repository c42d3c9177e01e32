package io.quikqueue.domain.access;

import io.quikqueue.domain.job.JobSpec;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The queues and types that the jobs of a workflow are of, so that whose scope it is in can be told
 * without looking at each.
 */
public record Reach(Set<Kind> kinds) {

  /** The most kinds; of a workflow with more it is not known. */
  public static final int MOST = 50;

  /** Jobs of a type in a queue. */
  public record Kind(String queue, String type) implements Comparable<Kind> {

    private static final Pattern NAMES =
        Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    @Override
    public int compareTo(Kind other) {
      return text().compareTo(other.text());
    }

    private String text() {
      return queue + '/' + type;
    }

    private static Kind parse(String text) {
      if (!NAMES.matcher(text).matches()) {
        throw new IllegalArgumentException("not a queue and a type: " + text);
      }
      int slash = text.indexOf('/');
      return new Kind(text.substring(0, slash), text.substring(slash + 1));
    }
  }

  public Reach {
    kinds = Set.copyOf(kinds);
  }

  /**
   * That of these jobs; null = they are of too many kinds. What never waits in a queue is not in
   * it.
   */
  public static @Nullable Reach of(Collection<JobSpec> jobs) {
    Set<Kind> kinds = new TreeSet<>();
    for (JobSpec job : jobs) {
      boolean runs = job.node() == null || job.node().waitsFor() == null;
      if (runs && kinds.add(new Kind(job.queue(), job.type())) && kinds.size() > MOST) {
        return null;
      }
    }
    return new Reach(kinds);
  }

  /** That of these jobs, too; null = they are of too many kinds. */
  public @Nullable Reach with(Collection<JobSpec> jobs) {
    Reach more = of(jobs);
    if (more == null) {
      return null;
    }
    Set<Kind> all = new TreeSet<>(kinds);
    all.addAll(more.kinds);
    return all.size() > MOST ? null : new Reach(all);
  }

  /** All of it in one text of ASCII characters, for {@link #parse}. */
  public String text() {
    return kinds.stream().sorted().map(Kind::text).collect(Collectors.joining(","));
  }

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Reach parse(String text) {
    return new Reach(
        text.isEmpty()
            ? Set.of()
            : Arrays.stream(text.split(",")).map(Kind::parse).collect(Collectors.toSet()));
  }
}
