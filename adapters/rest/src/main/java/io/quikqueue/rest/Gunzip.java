package io.quikqueue.rest;

import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.server.handler.gzip.GzipHandler;

/**
 * A gzipped body, undone. The server's own way takes a body that was cut for a whole one; this one
 * throws when the end with its checksum is missing. A small body can have much in it: every 64 KiB
 * it lets the other requests go on, which share their few carrier threads with it. Closing it frees
 * its memory and leaves the body open.
 */
final class Gunzip extends GZIPInputStream {

  private static final int BUFFER = 4 << 10;
  private static final int TURN = 64 << 10;

  private final Runnable letOthersGoOn;
  private int read;

  /**
   * Reads the header.
   *
   * @throws IOException when it is none
   */
  Gunzip(InputStream body) throws IOException {
    this(body, Thread::yield);
  }

  Gunzip(InputStream body, Runnable letOthersGoOn) throws IOException {
    super(body, BUFFER);
    this.letOthersGoOn = letOthersGoOn;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int more = super.read(bytes, offset, Math.min(length, TURN));
    read += Math.max(more, 0);
    if (read >= TURN) {
      read = 0;
      letOthersGoOn.run();
    }
    return more;
  }

  /** Has the server leave the bodies of requests as they are. */
  static void insteadOfTheServers(LifecycleEnvironment lifecycle) {
    lifecycle.addServerLifecycleListener(
        server ->
            server
                .getDescendants(GzipHandler.class)
                .forEach(handler -> handler.setInflateBufferSize(0)));
  }

  @Override
  public void close() {
    inf.end();
  }
}
