package io.quikqueue.http;

import dev.failsafe.RetryPolicy;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code http} jobs: makes the call that the payload describes and returns {@code {"status",
 * "headers"?: {"content-type"}, "body"}}, the body as JSON when the server says it is, else as
 * text, else in base64; see {@link AnswerResult}.
 *
 * <p>A job cannot reach what is not on the public internet, unless the configuration names it. A
 * bad payload, a destination that may not be called and an answer over the size limit if the job
 * says so are permanent failures, and so are the statuses that {@link StatusRules} says; everything
 * else may be tried again. While the circuit of its destination is open a job is put off; and so it
 * is by an answer that may be tried again and has a Retry-After; with 429 and 503 all jobs of that
 * host, or of its group, wait. Each call tells the server the job and the attempt ({@code
 * QuikQueue-Job-Id}, {@code QuikQueue-Attempt}, {@code Idempotency-Key}, {@code traceparent}), and
 * is signed when there is a key to do so; see {@link CallSigner}.
 */
public final class HttpJobHandler implements JobHandler, AutoCloseable {

  /** The type of the jobs it runs. */
  public static final String TYPE = "http";

  private static final int EXCERPT = 200;
  private static final int SMALL = 16 * 1024;
  private static final int UNPACKING_AT_ONCE = 2;

  private final HttpConfig config;
  private final Resolver resolver;
  private final AddressGuard guard;
  private final HttpSender sender;
  private final Circuits circuits;
  private final RetryPolicy<HttpAnswer> connectRetry;
  private final ByteBudget budget;
  private final CallHeaders headers;
  private final Semaphore unpacking = new Semaphore(UNPACKING_AT_ONCE);

  public HttpJobHandler(HttpConfig config) {
    this(config, new SystemResolver(config.getMaxLookups()));
  }

  HttpJobHandler(HttpConfig config, Resolver resolver) {
    this.config = config;
    this.resolver = resolver;
    guard = new AddressGuard(new AllowList(config.getAllow()), resolver);
    sender = new HttpSender(config);
    circuits = new Circuits(config);
    headers = new CallHeaders(config.signer());
    budget = new ByteBudget((int) config.getMaxResponses().toBytes());
    connectRetry =
        RetryPolicy.<HttpAnswer>builder()
            .handle(
                ConnectException.class, NoRouteToHostException.class, ConnectTimeoutException.class)
            .withMaxRetries(config.getConnectRetries())
            .withDelay(config.getConnectRetryDelay().toJavaDuration())
            .build();
  }

  /**
   * Checks a payload without making the call.
   *
   * @throws InvalidPayloadException saying where it is wrong
   */
  public static void check(String payload) {
    try {
      HttpCall.parse(payload).requireUnsigned();
    } catch (InvalidFieldException e) {
      throw new InvalidPayloadException(pointer(e.field()), e.problem());
    }
  }

  private static String pointer(String field) {
    if (field.equals("payload")) {
      return "";
    }
    return (field.startsWith("headers.") ? "/headers/" : "/")
        + (field.startsWith("headers.") ? field.substring("headers.".length()) : field)
            .replace("~", "~0")
            .replace("/", "~1");
  }

  /** Does ahead of the first call what it would wait for: reads the trusted certificates. */
  public void prepare() {
    sender.prepare();
  }

  /**
   * The host that a payload names: scheme, name and port; null = none can be found.
   *
   * @param payload of an {@code http} job, checked or not
   */
  public static @Nullable String hostOf(String payload) {
    try {
      return HttpCall.parse(payload).origin();
    } catch (InvalidFieldException e) {
      return null;
    }
  }

  @Override
  public HostFinder hostFinder() {
    return HttpJobHandler::hostOf;
  }

  /** An answer that is too long is cut. */
  @Override
  public boolean boundsResults() {
    return true;
  }

  @Override
  public Result run(JobRun run)
      throws HttpCallFailedException,
          PostponedException,
          PermanentFailureException,
          InterruptedException {
    HttpCall call;
    try {
      call = HttpCall.parse(run.job().spec().payload());
    } catch (InvalidFieldException e) {
      throw new PermanentFailureException(e.field() + ": " + e.problem(), e);
    }
    return run(run, call, null);
  }

  /**
   * Makes a call for a job.
   *
   * @param event the id of the event that it tells of, which is then in its headers also where
   *     there is no key to sign by; null = it tells of none, and is known by the job
   */
  Result run(JobRun run, HttpCall call, @Nullable String event)
      throws HttpCallFailedException,
          PostponedException,
          PermanentFailureException,
          InterruptedException {
    sender.prepare(); // at the first call rather than at start-up, and not on the call's time
    try (ByteBudget.Share share = budget.share()) {
      Bounds bounds = new Bounds(maxBytes(call), limit(call, run), share);
      if (!bounds.time().isPositive()) {
        throw new HttpCallFailedException("no time left to call " + call.origin());
      }
      HttpAnswer answer;
      String summary;
      try (Circuits.Permit permit = circuits.enter(call)) {
        long start = System.nanoTime();
        answer = answer(call, headers.of(run.job(), call, event), bounds, permit);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        summary = "HTTP " + answer.status() + " in " + millis + " ms";
        if (!call.accepts(answer.status())) {
          String message = summary + " from " + call.origin() + excerpt(answer);
          throw CallFailures.refused(call, answer, message, permit);
        }
        permit.served();
      }
      return result(call, answer, bounds.maxBytes(), summary);
    }
  }

  private Result result(HttpCall call, HttpAnswer answer, int maxBytes, String summary)
      throws PermanentFailureException, InterruptedException {
    AnswerResult result = unpacked(answer, maxBytes);
    if (result.tooLarge() && call.failsOnLarge()) {
      throw new PermanentFailureException(
          summary + ", but the answer is larger than the limit of " + maxBytes + " bytes");
    }
    String note = result.note();
    return new Result(result.json(), note == null ? summary : summary + "; body: " + note);
  }

  /** What takes many times its size to unpack is unpacked by few calls at once. */
  private AnswerResult unpacked(HttpAnswer answer, int maxBytes) throws InterruptedException {
    int maxResult = Math.max((int) config.getMaxResponse().toBytes(), RawBody.SMALL);
    boolean small = answer.body().bytes().length <= SMALL && answer.contentEncoding() == null;
    if (small) {
      return AnswerResult.of(answer, maxBytes, maxResult);
    }
    unpacking.acquire();
    try {
      return AnswerResult.of(answer, maxBytes, maxResult);
    } finally {
      unpacking.release();
    }
  }

  private HttpAnswer answer(
      HttpCall call, Map<String, String> headers, Bounds bounds, Circuits.Permit permit)
      throws HttpCallFailedException, PermanentFailureException, InterruptedException {
    Duration limit = bounds.time();
    String origin = call.origin();
    Exchange exchange = new Exchange(guard, sender, List.of(connectRetry), call, headers, bounds);
    try {
      return exchange.await();
    } catch (TimeoutException e) {
      if (limit.compareTo(config.getTimeout().toJavaDuration()) >= 0) {
        permit.failed(); // a shorter time is the job's own choice
      }
      throw new HttpCallFailedException(
          "no answer from " + origin + " within " + limit.toMillis() + " ms", e);
    } catch (IOException e) {
      CallFailures.blame(e, permit);
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new HttpCallFailedException(
          "no answer from " + origin + ": " + Text.printable(why, EXCERPT), e);
    }
  }

  /** How much of the budget for large answers no call holds. */
  int freeBytes() {
    return budget.free();
  }

  private Duration limit(HttpCall call, JobRun run) {
    Duration asked = call.timeout() == null ? config.getTimeout().toJavaDuration() : call.timeout();
    Duration left = run.timeLeft();
    return asked.compareTo(left) < 0 ? asked : left;
  }

  private int maxBytes(HttpCall call) {
    int cap = (int) config.getMaxResponse().toBytes();
    return call.maxResponseBytes() == null ? cap : Math.min(cap, call.maxResponseBytes());
  }

  private static String excerpt(HttpAnswer answer) {
    String text = AnswerResult.excerpt(answer, EXCERPT);
    return text.isEmpty() ? "" : ": " + text;
  }

  @Override
  public void close() {
    sender.close();
    resolver.close();
  }
}
