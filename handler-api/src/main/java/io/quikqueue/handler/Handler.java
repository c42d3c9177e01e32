package io.quikqueue.handler;

import org.jspecify.annotations.Nullable;

/**
 * Runs the jobs of one type.
 *
 * <p>A plugin is a jar with a public class that implements this interface, has a public constructor
 * without parameters, and is named in {@code META-INF/services/io.quikqueue.handler.Handler}. One
 * instance runs all jobs of its type, many at a time, each on a thread of its own: it may block,
 * and must be safe for use by several threads.
 *
 * <p>Without a fault a job runs once. With faults (a worker that dies, a network that breaks) it
 * may run again: use {@link HandlerContext#jobId()} to recognise work that was already done.
 *
 * @param <P> the payload, as a rule a record
 */
public interface Handler<P> {

  /** The type of the jobs it runs: 1 to 64 of {@code A-Z a-z 0-9 _ . -}. Always the same. */
  String type();

  /**
   * The class that a job's payload is read into. JSON names are the components of the record in
   * snake_case; a field it does not have is refused, and so is null for a component of a primitive
   * type.
   */
  Class<P> payloadType();

  /**
   * A JSON Schema (2020-12, at most 64 KiB) for payloads; asked once. The service refuses a job
   * whose payload does not fit, with 422 at its submit. {@code $ref} works within the schema only.
   * Null = derived from {@link #payloadType()} when that is a record.
   */
  default @Nullable String payloadSchema() {
    return null;
  }

  /** The kind of thread it runs on; asked once. */
  default Threads threads() {
    return Threads.PLATFORM;
  }

  /**
   * Runs one attempt. An interrupt asks it to stop: the job was cancelled, its time is up, or the
   * worker shuts down.
   *
   * @return the result, written as JSON by the same rules; null = none
   * @throws PermanentFailure when another attempt would be pointless
   * @throws Exception any other: the attempt failed, and the job's retry policy decides
   */
  @Nullable Object handle(P payload, HandlerContext context) throws Exception;
}
