package io.quikqueue.redis;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The arguments of a script in the making. Numbers are decimal, durations in milliseconds. */
final class Arguments {

  private final List<byte[]> list;

  Arguments(int size) {
    list = new ArrayList<>(size);
  }

  Arguments add(byte[] bytes) {
    list.add(bytes);
    return this;
  }

  Arguments add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  Arguments add(long number) {
    return add(Long.toString(number));
  }

  Arguments add(Duration duration) {
    return add(duration.toMillis());
  }

  /** Adds id, attempt, priority and lane, which is queue/type, or queue/type/group. */
  Arguments add(Envelope envelope) {
    return add(envelope.attempt()).add(envelope.priority()).add(lane(envelope));
  }

  static String lane(Envelope envelope) {
    String lane = envelope.queue() + '/' + envelope.type();
    String group = envelope.group();
    return group == null ? lane : lane + '/' + encoded(group);
  }

  /** A group as it stands in names, which spaces separate. */
  static String encoded(String group) {
    return group.replace("%", "%25").replace(" ", "%20");
  }

  /** The group that was {@link #encoded}. */
  static String decoded(String group) {
    return group.replace("%20", " ").replace("%25", "%");
  }

  /** Adds id and attempt. */
  Arguments add(AttemptId attempt) {
    return add(attempt.job().bytes()).add(attempt.number());
  }

  Arguments addAll(Collection<AttemptId> attempts) {
    attempts.forEach(this::add);
    return this;
  }

  List<byte[]> list() {
    return list;
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
