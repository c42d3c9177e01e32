package io.quikqueue.redis;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.GroupWindows;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The windows of groups, in the keys of a {@link RedisReadyQueue}. */
final class RedisGroupWindows implements GroupWindows {

  /** For so long nobody asks for windows where there were none. */
  private static final long RECHECK_NANOS = Duration.ofMillis(200).toNanos();

  private final Redis redis;
  private final Duration remembered;
  private final LongSupplier nanos;
  private volatile long askFrom;

  RedisGroupWindows(Redis redis, Duration remembered, LongSupplier nanos) {
    this.redis = redis;
    this.remembered = remembered;
    this.nanos = nanos;
    this.askFrom = nanos.getAsLong();
  }

  @Override
  public Set<AttemptId> beyond(List<Envelope> jobs, long room) {
    if (jobs.isEmpty() || nanos.getAsLong() - askFrom < 0) {
      return Set.of();
    }
    Arguments arguments = arguments(1 + 2 * jobs.size()).add(room);
    jobs.forEach(job -> arguments.add(job.priority()).add(Arguments.lane(job)));
    List<Long> outcomes =
        Replies.numbersUpTo(redis.run(Script.WINDOWS, arguments.list()), jobs.size());
    if (outcomes.isEmpty()) {
      askFrom = nanos.getAsLong() + RECHECK_NANOS;
    }
    Set<AttemptId> beyond = new HashSet<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) == 1) {
        beyond.add(jobs.get(i).attempt());
      }
    }
    return beyond;
  }

  @Override
  public void parked(Collection<GroupOfQueue> groups) {
    if (!groups.isEmpty()) {
      Arguments arguments = arguments(groups.size());
      groups.forEach(group -> arguments.add(name(group)));
      redis.run(Script.PARKED, arguments.list());
    }
  }

  @Override
  public List<Claim> claim(int most, Duration time) {
    Arguments arguments = arguments(2).add(most).add(time);
    return Replies.claims(redis.run(Script.CLAIM, arguments.list()));
  }

  @Override
  public boolean filled(Claim claim, @Nullable Integer best) {
    Arguments arguments =
        arguments(3)
            .add(name(claim.group()))
            .add(claim.mark())
            .add(best == null ? "" : best.toString());
    return Replies.numbers(redis.run(Script.FILLED, arguments.list()), 1).getFirst() == 1;
  }

  private static String name(GroupOfQueue group) {
    return group.queue() + '/' + Arguments.encoded(group.group());
  }

  private Arguments arguments(int more) {
    return new Arguments(1 + more).add(remembered);
  }
}
