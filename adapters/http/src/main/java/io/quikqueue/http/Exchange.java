package io.quikqueue.http;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.Policy;
import io.quikqueue.domain.port.PermanentFailureException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;

/**
 * One call under way. It runs on a virtual thread of its own, because blocking input and output
 * ends at once only when another thread closes the connection: the caller waits, and gives up when
 * time is over or it is interrupted.
 */
final class Exchange implements HttpSender.Progress {

  /** How long a body that was cut short may take to be handed over. */
  private static final Duration END_OF_BODY = Duration.ofSeconds(10);

  private final AddressGuard guard;
  private final HttpSender sender;
  private final List<Policy<HttpAnswer>> policies;
  private final HttpCall call;
  private final Map<String, String> headers;
  private final Bounds bounds;

  private volatile boolean ended;
  private volatile boolean abandoned;
  private volatile boolean headRead;
  private volatile @Nullable HttpUriRequestBase request;

  /**
   * Prepares a call.
   *
   * @param policies the outermost first
   */
  Exchange(
      AddressGuard guard,
      HttpSender sender,
      List<Policy<HttpAnswer>> policies,
      HttpCall call,
      Map<String, String> headers,
      Bounds bounds) {
    this.guard = guard;
    this.sender = sender;
    this.policies = policies;
    this.call = call;
    this.headers = headers;
    this.bounds = bounds;
  }

  /**
   * Makes the call and waits for its answer, whatever its status. Called once. An answer whose body
   * takes longer than there is time ends with what came of it.
   *
   * @throws TimeoutException when time was over before the answer's headers were there
   * @throws IOException when there was no answer
   * @throws PermanentFailureException when the destination may not be called
   */
  HttpAnswer await()
      throws TimeoutException, IOException, PermanentFailureException, InterruptedException {
    FutureTask<HttpAnswer> task = new FutureTask<>(this::run);
    Thread.ofVirtual().name("http-call-" + call.origin()).start(task);
    try {
      return task.get(bounds.time().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return endedBody(task, e);
    } catch (ExecutionException e) {
      throw reason(e);
    } catch (InterruptedException e) {
      abandoned = true;
      throw e;
    } finally {
      end(task);
    }
  }

  private HttpAnswer endedBody(FutureTask<HttpAnswer> task, TimeoutException late)
      throws TimeoutException, IOException, PermanentFailureException, InterruptedException {
    HttpUriRequestBase last = request;
    if (!headRead || last == null) {
      throw late;
    }
    last.cancel();
    try {
      return task.get(END_OF_BODY.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw reason(e);
    }
  }

  private HttpAnswer run() throws Exception {
    List<InetAddress> addresses = guard.admit(call);
    return Failsafe.with(policies)
        .get(tries -> send(addresses.get(tries.getAttemptCount() % addresses.size())));
  }

  private HttpAnswer send(InetAddress address) throws IOException, InterruptedException {
    try {
      return sender.send(call, address, headers, bounds, this);
    } catch (IOException e) {
      if (abandoned) {
        throw new InterruptedException(); // our doing, not the host's
      }
      throw e;
    }
  }

  @Override
  public void started(HttpUriRequestBase next) {
    headRead = false;
    request = next;
    if (ended) {
      next.cancel();
    }
  }

  @Override
  public void headRead() {
    headRead = true;
  }

  private void end(FutureTask<HttpAnswer> task) {
    ended = true;
    HttpUriRequestBase last = request;
    if (!task.isDone() && last != null) {
      last.cancel();
    }
    task.cancel(true);
  }

  private static IOException reason(ExecutionException e)
      throws PermanentFailureException, InterruptedException {
    Throwable cause = e.getCause();
    if (cause instanceof FailsafeException wrapped && wrapped.getCause() != null) {
      cause = wrapped.getCause();
    }
    return switch (cause) {
      case IOException io -> io;
      case PermanentFailureException permanent -> throw permanent;
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException bug -> throw bug;
      case null, default -> throw new IllegalStateException(e);
    };
  }
}
