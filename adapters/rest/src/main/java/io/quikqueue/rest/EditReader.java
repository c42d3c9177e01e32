package io.quikqueue.rest;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.usecase.redact.Redaction;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads what is to be changed of a job that is retried; used once. */
final class EditReader {

  private final RetryReader retry = new RetryReader();
  private @Nullable String payload;
  private @Nullable Integer priority;
  private @Nullable Duration timeout;

  private EditReader() {}

  /**
   * What a body says, to be made of what a job was asked for; that throws {@link
   * io.quikqueue.domain.job.InvalidFieldException}. A payload may have masks where the one before
   * has secrets: these stay as they are.
   *
   * @throws ProblemException when it is no such body
   * @throws io.quikqueue.domain.job.InvalidFieldException when a value is one that there cannot be
   */
  static UnaryOperator<JobSpec> read(String json, Redaction redaction) {
    EditReader reader = new EditReader();
    JsonReader.read(json, Source.START, reader::document);
    RetryOptions options = reader.retry.options();
    return spec -> reader.edited(spec, options, redaction);
  }

  private void document(JsonReader json) throws IOException {
    json.object(
        "",
        name -> {
          switch (name) {
            case "payload" -> payload = json.raw();
            case "priority" -> priority = json.integer(name);
            case "timeout" -> timeout = json.duration(name);
            case RetryReader.FIELD -> retry.read(json);
            default -> json.unknown(name);
          }
        });
  }

  private JobSpec edited(JobSpec spec, RetryOptions options, Redaction redaction) {
    Policy policy = options.over(spec.policy());
    JobSpec.Builder edited =
        spec.toBuilder().policy(timeout == null ? policy : policy.withTimeout(timeout));
    if (priority != null) {
      edited.priority(priority);
    }
    if (payload != null) {
      String unmasked = redaction.restored(spec, payload);
      edited.payload(unmasked).unique(slot(spec, unmasked));
    }
    return edited.build();
  }

  /** One that is unique by its payload is so by the new one. */
  private static @Nullable Unique slot(JobSpec spec, String payload) {
    Unique unique = spec.unique();
    return unique == null || unique.key() != null
        ? unique
        : UniqueReader.withSlot(unique, spec.type(), spec.queue(), payload);
  }
}
