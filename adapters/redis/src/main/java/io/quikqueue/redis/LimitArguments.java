package io.quikqueue.redis;

import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Rate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Limits as the script that puts them in force takes them. */
final class LimitArguments {

  private static final double NANOS_PER_MILLISECOND = 1e6;

  private LimitArguments() {}

  /** Adds the version, then field and value of each. */
  static List<byte[]> of(LimitTable table, Arguments arguments) {
    arguments.add(table.version());
    table
        .queues()
        .forEach(
            (queue, limits) -> {
              if (!limits.concernStarts()) {
                return;
              }
              arguments.add("queue/" + queue).add(text(limits));
              limits
                  .weights()
                  .forEach(
                      (group, weight) ->
                          arguments
                              .add("weight/" + queue + '/' + Arguments.encoded(group))
                              .add(weight));
            });
    table.types().forEach((type, limits) -> arguments.add("type/" + type).add(text(limits)));
    table
        .pausedGroups()
        .forEach(
            (queue, groups) -> {
              arguments.add("paused/" + queue).add(groups.size());
              groups.forEach(
                  group ->
                      arguments.add("paused/" + queue + '/' + Arguments.encoded(group)).add(1));
            });
    return arguments.list();
  }

  /** Concurrency and rate of all, then of each group. */
  private static String text(Limits limits) {
    return text(limits.concurrency(), limits.rate())
        + ' '
        + text(limits.concurrencyPerGroup(), limits.ratePerGroup());
  }

  private static String text(@Nullable Integer concurrency, @Nullable Rate rate) {
    String running = concurrency == null ? "-" : concurrency.toString();
    return running
        + ' '
        + (rate == null
            ? "- - -"
            : rate.tokens()
                + " "
                + rate.per().toNanos() / NANOS_PER_MILLISECOND
                + ' '
                + rate.burst());
  }
}
