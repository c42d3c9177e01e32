package io.quikqueue.domain.callback;

import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.limit.Limits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the jobs that tell of the ends of others, one for each end; the store keeps them in the
 * transaction of the end. Their ids follow from what they tell of, so that whoever has a job that
 * ended knows that of its callback. They have no callbacks themselves.
 */
public final class CallbackJobs {

  /** The type of these jobs, which no client may submit. */
  public static final String TYPE = "quikqueue.callback";

  /** The queue of these jobs. */
  public static final String QUEUE = "callbacks";

  /** The label that has the id of the job told of. */
  public static final String LABEL = "callback_of";

  /**
   * The limits of this queue where nothing else is declared: of receivers that hang, each holds a
   * few slots. Each host is a group.
   */
  public static final Limits LIMITS = new Limits(null, 10, null, null, null, null, Map.of());

  /** How long one call may take. */
  public static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

  /** As deliveries of Standard Webhooks are repeated; a call has ended before its attempt has. */
  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(10));

  private static final Policy POLICY =
      new Policy(
          1 + DELAYS.size(),
          new RetryDelays(RetryDelays.Kind.LIST, DELAYS, 0),
          null,
          CALL_TIMEOUT.plusSeconds(10),
          Policy.DEFAULT.maxCrashes());

  private static final Pattern HOST =
      Pattern.compile(
          "(?i)https?://(?:[^/?#\\\\]*@)?(\\[[^\\]]*\\]|[^/?#\\\\:]*).*", Pattern.DOTALL);

  private static final int LONGEST_GROUP = 200;
  private static final long RANDOM_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

  private final UnaryOperator<Job> masked;

  /** For who has no secrets, or ends jobs without a result; errors have none when they come. */
  public CallbackJobs() {
    this(job -> job);
  }

  /**
   * @param masked gives a job that ended without what only its workers may see
   */
  public CallbackJobs(UnaryOperator<Job> masked) {
    this.masked = masked;
  }

  /** The job that tells of the end of a job by this transition; null when none is to. */
  public @Nullable Job of(Transition change) {
    Job ended = change.after();
    boolean tells = ended.spec().callback() != null && !change.before().state().terminal();
    return tells ? of(ended) : null;
  }

  private @Nullable Job of(Job ended) {
    JobId id = idOf(ended);
    Callback callback = ended.spec().callback();
    if (id == null || callback == null) {
      return null;
    }
    JobSpec about = ended.spec();
    JobSpec spec =
        JobSpec.builder(TYPE, CallbackPayload.of(callback.url(), masked.apply(ended)))
            .queue(QUEUE)
            .policy(POLICY)
            .group(group(callback.url()))
            .labels(Map.of(LABEL, ended.id().toString()))
            .traceparent(about.traceparent())
            .owner(about.owner())
            .build();
    return Job.submit(id, spec, null, false, ended.updatedAt()).job();
  }

  /**
   * The id of the job that tells of the end of this one, whether or not it is still there; null
   * when none does.
   */
  public static @Nullable JobId idOf(Job job) {
    Callback callback = job.spec().callback();
    Instant at = job.finishedAt();
    if (callback == null || at == null || !callback.on().contains(job.state())) {
      return null;
    }
    boolean passed = job.spec().onFailedHead() == OnFailedHead.PASSED; // one attempt later
    int attempt = passed ? job.attempt() - 1 : job.attempt();
    byte[] end =
        ByteBuffer.allocate(16 + Integer.BYTES).put(job.id().bytes()).putInt(attempt).array();
    UUID name = UUID.nameUUIDFromBytes(end);
    long high = (at.toEpochMilli() << 16) | 0x7000L | (name.getMostSignificantBits() & 0xFFF);
    long low = 0x8000_0000_0000_0000L | (name.getLeastSignificantBits() & RANDOM_MASK);
    return new JobId(new UUID(high, low));
  }

  /** The host of a URL, so that one that is slow or away does not hold back the others. */
  private static @Nullable String group(String url) {
    Matcher parts = HOST.matcher(url);
    String host = parts.matches() ? parts.group(1).toLowerCase(Locale.ROOT) : "";
    String end = host.substring(Math.max(0, host.length() - LONGEST_GROUP));
    return JobSpec.isGroup(end) ? end : null;
  }
}
