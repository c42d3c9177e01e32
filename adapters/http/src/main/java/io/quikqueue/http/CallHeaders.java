package io.quikqueue.http;

import io.quikqueue.domain.job.Job;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers by which a call tells the server of the job and the attempt, and that are signed when
 * there is a key to do so.
 */
record CallHeaders(@Nullable CallSigner signer) {

  /**
   * Those of one call.
   *
   * @param event the id of the event that it tells of; null = none, and the job is its id
   */
  Map<String, String> of(Job job, HttpCall call, @Nullable String event) {
    Map<String, String> headers = new HashMap<>();
    headers.put("QuikQueue-Job-Id", job.id().toString());
    headers.put("QuikQueue-Attempt", Integer.toString(job.attempt()));
    headers.put("Idempotency-Key", idempotencyKey(job));
    String traceparent = job.spec().traceparent();
    if (traceparent != null) {
      headers.put("traceparent", traceparent);
    }
    String id = event == null ? job.id().toString() : event;
    if (signer != null && !CallSigner.signed(call.headers())) {
      headers.putAll(signer.headers(id, Instant.now(), call.body()));
    } else if (event != null) {
      headers.putAll(CallSigner.unsigned(id, Instant.now()));
    }
    return headers;
  }

  /** A job that was retried with changes is another request, which a server would refuse. */
  private static String idempotencyKey(Job job) {
    return job.generation() == 1 ? job.id().toString() : job.id() + "." + job.generation();
  }
}
