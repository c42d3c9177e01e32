package io.quikqueue.simulation;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What goes through ports, in few words. */
final class Brief {

  private Brief() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "-";
      case JobId id -> id.toString().substring(24);
      case AttemptId attempt -> of(attempt.job()) + "#" + attempt.number();
      case Job job -> of(job.attemptId()) + " " + job.state();
      case Envelope envelope -> of(envelope.attempt());
      case StreamRecord announced -> of(announced.envelope());
      case Transition change -> of(change.before()) + " to " + of(change.after());
      case Submission submission -> submission.job().spec().payload() + " " + of(submission.job());
      case SubmitResult.Accepted(Job job) -> "accepted " + of(job);
      case SubmitResult.Replayed(Job job) -> "replayed " + of(job);
      case Map<?, ?> map -> of(map.values());
      case Collection<?> all ->
          all.stream().map(Brief::of).collect(Collectors.joining(", ", "[", "]"));
      default -> value.toString();
    };
  }
}
