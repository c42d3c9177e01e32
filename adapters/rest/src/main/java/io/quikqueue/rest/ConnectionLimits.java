package io.quikqueue.rest;

import com.sun.management.UnixOperatingSystemMXBean;
import io.quikqueue.rest.CallerBound.Entry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bounds the connections, in all and from one address: more are closed as they come. */
final class ConnectionLimits implements SelectorManager.AcceptListener {

  private static final Logger log = LoggerFactory.getLogger(ConnectionLimits.class);

  /** Files that the process needs beside connections, a part of those it may open. */
  private static final int ONE_OF = 4;

  private final CallerBound bound;
  private final Map<SelectableChannel, String> open = new ConcurrentHashMap<>();
  private final AtomicBoolean full = new AtomicBoolean();

  ConnectionLimits(LimitsConfig limits) {
    int most = Math.min(limits.connections(), files() - files() / ONE_OF);
    if (most < limits.connections()) {
      log.warn(
          "event=connections_bounded_by_open_files connections={} configured={}",
          most,
          limits.connections());
    }
    bound = new CallerBound(most, limits.connectionsPerAddress());
  }

  @Override
  public void onAccepting(SelectableChannel channel) {
    String caller = Callers.address(address(channel));
    Entry entry = bound.enter(caller);
    if (entry == Entry.ADMITTED) {
      open.put(channel, caller);
      full.set(false);
    } else {
      close(channel);
      if (full.compareAndSet(false, true)) { // once, until the next one is admitted
        log.warn("event=connection_refused reason={} connections={}", entry, bound.now());
      }
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    onClosed(channel);
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    String caller = open.remove(channel);
    if (caller != null) {
      bound.leave(caller);
    }
  }

  private static @Nullable SocketAddress address(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel socket ? socket.getRemoteAddress() : null;
    } catch (IOException e) {
      return null; // closed already
    }
  }

  private static void close(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("event=connection_not_closed", e);
    }
  }

  private static int files() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int) Math.min(Integer.MAX_VALUE, unix.getMaxFileDescriptorCount())
        : Integer.MAX_VALUE;
  }
}
