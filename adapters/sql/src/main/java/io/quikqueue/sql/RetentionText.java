package io.quikqueue.sql;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.Retention;
import io.quikqueue.domain.limit.Retention.Keep;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Retention} is stored: for each state its code, the age in milliseconds and the
 * count, with {@code -} for none, separated by blanks.
 */
final class RetentionText {

  private static final String NONE = "-";

  private RetentionText() {}

  static @Nullable String of(Retention retention) {
    if (retention.states().isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    retention
        .states()
        .forEach(
            (state, keep) -> {
              Duration age = keep.age();
              Integer count = keep.count();
              text.append(state.code())
                  .append(' ')
                  .append(age == null ? NONE : Long.toString(age.toMillis()))
                  .append(' ')
                  .append(count == null ? NONE : count.toString())
                  .append(' ');
            });
    return text.toString().stripTrailing();
  }

  static Retention read(@Nullable String text) {
    if (text == null) {
      return Retention.USUAL;
    }
    Map<JobState, Keep> states = new EnumMap<>(JobState.class);
    String[] words = text.split(" ");
    for (int i = 0; i + 2 < words.length; i += 3) {
      String age = words[i + 1];
      String count = words[i + 2];
      states.put(
          JobState.ofCode(Integer.parseInt(words[i])),
          new Keep(
              age.equals(NONE) ? null : Duration.ofMillis(Long.parseLong(age)),
              count.equals(NONE) ? null : (Integer) Integer.parseInt(count)));
    }
    return new Retention(states);
  }
}
