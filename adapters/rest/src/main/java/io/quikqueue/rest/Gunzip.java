package io.quikqueue.rest;

import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.eclipse.jetty.server.handler.gzip.GzipHandler;

/**
 * A gzipped body, undone. The server's own way takes a body that was cut for a whole one; this one
 * throws when the end with its checksum is missing, and when anything but a further gzipped member
 * comes behind it, which Java's own way overlooks. A small body can have much in it: every 64 KiB
 * it lets the other requests go on, which share their few carrier threads with it. Closing it frees
 * its memory and leaves the body open.
 */
final class Gunzip extends GZIPInputStream {

  private static final int BUFFER = 4 << 10;
  private static final int TURN = 64 << 10;

  /** The checksum and the length behind the compressed data of a member. */
  private static final int TRAILER = 8;

  private final Counted body;
  private final Runnable letOthersGoOn;
  private int read;

  /** How much of the body had been read when the buffer was last filled. */
  private long filledTo;

  /**
   * Reads the header.
   *
   * @throws IOException when it is none
   */
  Gunzip(InputStream body) throws IOException {
    this(body, Thread::yield);
  }

  Gunzip(InputStream body, Runnable letOthersGoOn) throws IOException {
    Counted counted = new Counted(body);
    super(counted, BUFFER);
    this.body = counted;
    this.letOthersGoOn = letOthersGoOn;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int more = super.read(bytes, offset, Math.min(length, TURN));
    if (more < 0) {
      requireEnd();
    }
    read += Math.max(more, 0);
    if (read >= TURN) {
      read = 0;
      letOthersGoOn.run();
    }
    return more;
  }

  @Override
  protected void fill() throws IOException {
    super.fill();
    filledTo = body.count;
  }

  private void requireEnd() throws IOException {
    long end = filledTo - inf.getRemaining() + TRAILER;
    if (body.count > end || body.read() >= 0) {
      throw new ZipException("bytes behind the end");
    }
  }

  private static final class Counted extends FilterInputStream {

    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = in.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int more = in.read(bytes, offset, length);
      count += Math.max(more, 0);
      return more;
    }
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
