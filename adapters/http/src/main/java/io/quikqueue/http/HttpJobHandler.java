package io.quikqueue.http;

import dev.failsafe.RetryPolicy;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
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

  /** What an origin or what stands before it says when it cannot serve any call just now. */
  private static final Set<Integer> NOT_SERVED = Set.of(502, 503, 504);

  /** What an origin says, beside Retry-After, when it wants no call at all until then. */
  private static final Set<Integer> CLOSING = Set.of(429, 503);

  private final HttpConfig config;
  private final Resolver resolver;
  private final AddressGuard guard;
  private final HttpSender sender;
  private final Circuits circuits;
  private final RetryPolicy<HttpAnswer> connectRetry;
  private final ByteBudget budget;
  private final @Nullable CallSigner signer;
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
    signer = config.signer();
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
        answer = answer(call, headers(run.job(), call, event), bounds, permit);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        summary = "HTTP " + answer.status() + " in " + millis + " ms";
        if (!call.accepts(answer.status())) {
          String message = summary + " from " + call.origin() + excerpt(answer);
          throw failed(call, answer, message, permit);
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
      blame(e, permit);
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new HttpCallFailedException(
          "no answer from " + origin + ": " + Text.printable(why, EXCERPT), e);
    }
  }

  /** Tells the circuits what the destination is to blame for. */
  private static void blame(IOException e, Circuits.Permit permit) {
    switch (e) {
      case UnknownHostException unknown -> {} // the name server's word
      case ConnectionRequestTimeoutException busy -> {} // our own pool
      case ConnectException refused -> permit.unreachable();
      case NoRouteToHostException nowhere -> permit.unreachable();
      case ConnectTimeoutException silent -> permit.unreachable();
      case SSLException handshake -> permit.unreachable();
      default -> permit.failed();
    }
  }

  /**
   * Tells the circuits of an answer that the job does not accept. What the job makes of a status is
   * its own affair: of others that call there, only those are held back whom the server means.
   *
   * @return what to throw when the job may be tried again
   * @throws PostponedException when the job may be tried again and the server asks to wait
   */
  private static HttpCallFailedException failed(
      HttpCall call, HttpAnswer answer, String message, Circuits.Permit permit)
      throws PermanentFailureException, PostponedException {
    int status = answer.status();
    boolean permanent = call.statuses().of(status) == StatusRules.Verdict.PERMANENT;
    Duration wait = RetryAfter.parse(answer.retryAfter(), Instant.now());
    if (wait != null && StatusRules.mayPass(status)) {
      PostponedException asked = permit.askedToWait(wait, message, CLOSING.contains(status));
      if (!permanent) {
        throw asked;
      }
    } else if (NOT_SERVED.contains(status)) {
      permit.failed();
    } else {
      permit.served();
    }
    boolean redirect = status >= 300 && status < 400;
    String why = redirect ? message + " (redirects are not followed)" : message;
    if (permanent) {
      throw new PermanentFailureException(why);
    }
    return new HttpCallFailedException(why);
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

  /** A job that was retried with changes is another request, which a server would refuse. */
  private static String idempotencyKey(Job job) {
    return job.generation() == 1 ? job.id().toString() : job.id() + "." + job.generation();
  }

  private Map<String, String> headers(Job job, HttpCall call, @Nullable String event) {
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
