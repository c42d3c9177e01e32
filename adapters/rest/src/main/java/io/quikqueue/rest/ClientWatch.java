package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client goes while its request waits. Jetty does not read from a connection whose
 * request is being worked on, and so never sees it closed; this reads one byte in its place. A byte
 * of a next request goes back into Jetty's buffer, and is the last that is looked at. A client that
 * has closed its side may have gone or still listen: it is to be answered now.
 */
final class ClientWatch implements Callback {

  private final AbstractEndPoint endPoint;
  private final Connection.UpgradeTo connection;
  private final Runnable finished;
  private final Runnable gone;
  private boolean ended;

  private ClientWatch(
      AbstractEndPoint endPoint,
      Connection.UpgradeTo connection,
      Runnable finished,
      Runnable gone) {
    this.endPoint = endPoint;
    this.connection = connection;
    this.finished = finished;
    this.gone = gone;
  }

  /**
   * A watch, to be started, of the client of a request that has no body.
   *
   * <p>Null for a connection that is not one of HTTP/1.1.
   *
   * @param finished called when the client has closed its side; not after {@link #end}
   * @param gone called when the connection is closed; not after {@link #end}
   */
  static @Nullable ClientWatch of(HttpServletRequest request, Runnable finished, Runnable gone) {
    Connection connection =
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getConnection();
    if (connection.getEndPoint() instanceof AbstractEndPoint endPoint
        && connection instanceof Connection.UpgradeTo buffered) {
      return new ClientWatch(endPoint, buffered, finished, gone);
    }
    return null;
  }

  synchronized void start() {
    if (!ended) {
      endPoint.tryFillInterested(this);
    }
  }

  /** To be called before the answer: the connection is Jetty's own again. */
  synchronized void end() {
    if (!ended) {
      ended = true;
      endPoint.getFillInterest().onFail(new ClosedChannelException());
    }
  }

  /** There is something to read, if only the end. */
  @Override
  public void succeeded() {
    if (isAtEnd()) {
      finished.run();
    }
  }

  /** The connection was closed, or {@link #end} was called. */
  @Override
  public void failed(Throwable cause) {
    boolean wasWatching;
    synchronized (this) {
      wasWatching = !ended;
    }
    if (wasWatching) {
      gone.run();
    }
  }

  private synchronized boolean isAtEnd() {
    if (ended) {
      return false;
    }
    ByteBuffer one = BufferUtil.allocate(1);
    try {
      int read = endPoint.fill(one);
      if (read == 0) {
        endPoint.tryFillInterested(this);
      } else if (read > 0) {
        connection.onUpgradeTo(one);
      }
      return read < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
