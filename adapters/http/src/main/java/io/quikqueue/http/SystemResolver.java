package io.quikqueue.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Asks the operating system, on a few platform threads of its own: a lookup blocks in native code,
 * where it would hold a virtual thread's carrier for as long as a slow name server pleases.
 */
final class SystemResolver implements Resolver {

  private static final int WAITING_PER_THREAD = 32;

  private final ThreadPoolExecutor threads;

  SystemResolver(int maxLookups) {
    threads =
        new ThreadPoolExecutor(
            maxLookups,
            maxLookups,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(maxLookups * WAITING_PER_THREAD),
            Thread.ofPlatform().daemon().name("http-lookup-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public List<InetAddress> resolve(String host) throws UnknownHostException, InterruptedException {
    Future<InetAddress[]> lookup;
    try {
      lookup = threads.submit(() -> InetAddress.getAllByName(host));
    } catch (RejectedExecutionException e) {
      throw unknown("too many names are being looked up to look up " + host, e);
    }
    try {
      return List.of(lookup.get());
    } catch (ExecutionException e) {
      throw unknown("no address found for " + host, e);
    } finally {
      lookup.cancel(false); // a caller that was interrupted leaves nothing in the queue to run
    }
  }

  private static UnknownHostException unknown(String message, Exception cause) {
    UnknownHostException unknown = new UnknownHostException(message);
    unknown.initCause(cause);
    return unknown;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
