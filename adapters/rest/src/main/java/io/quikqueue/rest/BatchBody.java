package io.quikqueue.rest;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The body of a batch as a stream of bytes that is bounded and knows where it is. */
final class BatchBody {

  static final int END = -1;

  private final InputStream in;
  private final RequestBodies bodies;
  private final RequestBodies.Share share;
  private final byte[] buffer = new byte[16 << 10];
  private final BodyPace pace = new BodyPace();
  private final ByteArrayOutputStream item = new ByteArrayOutputStream();
  private int position;
  private int filled;
  private long total;
  private int line = 1;
  private int column = 1;
  private boolean itemTooLarge;
  private Source itemStart = Source.START;

  /**
   * An item of the batch.
   *
   * @param json null when it is larger than an item may be
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, by the one who asked for it
  record Item(byte @Nullable [] json, Source source) {}

  BatchBody(InputStream in, RequestBodies bodies, RequestBodies.Share share) {
    this.in = in;
    this.bodies = bodies;
    this.share = share;
  }

  /** The next byte without consuming it, or {@link #END}. */
  int peek() {
    if (position == filled && !fill()) {
      return END;
    }
    return buffer[position] & 0xFF;
  }

  /** Consumes the next byte; there must be one. */
  int next() {
    int b = peek();
    position++;
    if (b == '\n') {
      line++;
      column = 1;
    } else if ((b & 0xC0) != 0x80) { // the further bytes of a character do not count
      column++;
    }
    return b;
  }

  /** Consumes the byte order mark, if there is one at the beginning. */
  void skipMark() {
    if (peek() != (RequestBodies.MARK[0] & 0xFF)) {
      return;
    }
    for (byte expected : RequestBodies.MARK) {
      if (peek() != (expected & 0xFF)) {
        throw malformed("expected JSON");
      }
      next();
    }
    column = 1;
  }

  void skipWhitespace() {
    while (isWhitespace(peek())) {
      next();
    }
  }

  static boolean isWhitespace(int b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  void beginItem() {
    item.reset();
    itemTooLarge = false;
    itemStart = new Source(line, column);
  }

  void addToItem(int b) {
    if (item.size() == bodies.maxBody()) {
      itemTooLarge = true;
    } else {
      item.write(b);
    }
  }

  boolean itemIsBlank() {
    for (byte b : item.toByteArray()) {
      if (!isWhitespace(b)) {
        return false;
      }
    }
    return true;
  }

  Item endItem() {
    return new Item(itemTooLarge ? null : item.toByteArray(), itemStart);
  }

  ProblemException malformed(String detail) {
    return new ProblemException(
        Problems.malformed(detail + ", line " + line + ", column " + column));
  }

  private boolean fill() {
    int read = RequestBodies.read(in, buffer, 0, pace);
    if (read <= 0) {
      return false;
    }
    total += read;
    if (total > bodies.maxBatch()) {
      throw new ProblemException(Problems.tooLarge(bodies.maxBatch()));
    }
    share.take(read);
    position = 0;
    filled = read;
    return true;
  }
}
