package io.quikqueue.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Parses status line and headers, as many lines as allowed, as long as they are short in all. Those
 * of interim answers (1xx) count with the answer that they come before: without end they would keep
 * a carrier thread, and whatever shares it, for as long as the server likes.
 */
final class HeadParserFactory implements HttpMessageParserFactory<ClassicHttpResponse> {

  private final Http1Config lines;
  private final int maxBytes;

  /**
   * Bounds what is read ahead of a body.
   *
   * @param lines the longest line, and how many
   * @param maxBytes of all lines together
   */
  HeadParserFactory(Http1Config lines, int maxBytes) {
    this.lines = lines;
    this.maxBytes = maxBytes;
  }

  @Override
  public HttpMessageParser<ClassicHttpResponse> create(Http1Config ofTheConnection) {
    HttpMessageParser<ClassicHttpResponse> parser =
        DefaultHttpResponseParserFactory.INSTANCE.create(lines);
    AtomicInteger interim = new AtomicInteger();
    return (buffer, stream) -> {
      Bounded bounded = new Bounded(buffer, maxBytes, interim.getPlain());
      ClassicHttpResponse head = parser.parse(bounded, stream);
      boolean more = head != null && head.getCode() < HttpStatus.SC_SUCCESS;
      interim.setPlain(more ? bounded.read : 0);
      return head;
    };
  }

  /** Counts the lines' bytes. */
  private static final class Bounded implements SessionInputBuffer {

    private final SessionInputBuffer buffer;
    private final int maxBytes;
    private int read;

    Bounded(SessionInputBuffer buffer, int maxBytes, int before) {
      this.buffer = buffer;
      this.maxBytes = maxBytes;
      read = before;
    }

    @Override
    public int readLine(CharArrayBuffer line, InputStream stream) throws IOException {
      int length = buffer.readLine(line, stream);
      read += Math.max(length, 0) + 2;
      if (read > maxBytes) {
        throw new MessageConstraintException(
            "the headers of its answer are larger than " + maxBytes + " bytes");
      }
      return length;
    }

    @Override
    public int length() {
      return buffer.length();
    }

    @Override
    public int capacity() {
      return buffer.capacity();
    }

    @Override
    public int available() {
      return buffer.available();
    }

    @Override
    public int read(byte[] bytes, int offset, int length, InputStream stream) throws IOException {
      return buffer.read(bytes, offset, length, stream);
    }

    @Override
    public int read(byte[] bytes, InputStream stream) throws IOException {
      return buffer.read(bytes, stream);
    }

    @Override
    public int read(InputStream stream) throws IOException {
      return buffer.read(stream);
    }

    @Override
    public HttpTransportMetrics getMetrics() {
      return buffer.getMetrics();
    }
  }
}
