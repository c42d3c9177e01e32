package io.quikqueue.domain.job;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The parts of binary forms. A tagged field is a tag (one byte, not 0), the length of its value (7
 * bits in each byte, the lowest first, the highest bit says that more follow) and the value, so
 * that a reader can skip the fields that it does not know.
 */
final class BinaryFields {

  private static final long MICROS = 1_000_000;
  private static final char REPLACEMENT = '\uFFFD';
  private static final int LENGTH_BITS = 7;
  private static final int MORE = 1 << LENGTH_BITS;

  private BinaryFields() {}

  /** A field as it was read; the value is to be read from its position to its limit. */
  record Field(int tag, ByteBuffer value) {}

  /**
   * Reads the next tagged field. Throws {@link java.nio.BufferUnderflowException} when it is cut
   * off.
   */
  static Field next(ByteBuffer in) throws UnreadableMessageException {
    int tag = Byte.toUnsignedInt(in.get());
    int length = length(in);
    if (tag == 0) {
      throw new UnreadableMessageException("a field without a tag");
    }
    return new Field(tag, slice(in, length));
  }

  /** Writes a tagged field. */
  static void put(ByteArrayOutputStream out, int tag, byte[] value) {
    out.write(tag);
    int rest = value.length;
    while (rest >= MORE) {
      out.write(rest | MORE);
      rest >>>= LENGTH_BITS;
    }
    out.write(rest);
    out.writeBytes(value);
  }

  private static int length(ByteBuffer in) throws UnreadableMessageException {
    long length = 0;
    for (int bits = 0; bits < Integer.SIZE; bits += LENGTH_BITS) {
      byte next = in.get();
      length |= (long) (next & (MORE - 1)) << bits;
      if (next >= 0) {
        return (int) Math.min(length, Integer.MAX_VALUE);
      }
    }
    throw new UnreadableMessageException("a field whose length does not end");
  }

  /** Reads a text of so many bytes of UTF-8. */
  static String text(ByteBuffer in, int length) throws UnreadableMessageException {
    ByteBuffer bytes = slice(in, length);
    String text =
        new String(bytes.array(), bytes.arrayOffset(), bytes.limit(), StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) { // a stray byte's, or the client's own
      requireUtf8(bytes);
    }
    return text;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Microseconds since 1970. */
  static long micros(Instant instant) {
    long seconds = instant.getEpochSecond();
    long rest = instant.getNano() / 1000;
    return seconds < 0 // the product for the first of all would not fit
        ? Math.addExact(Math.multiplyExact(seconds + 1, MICROS), rest - MICROS)
        : Math.addExact(Math.multiplyExact(seconds, MICROS), rest);
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000L);
  }

  private static ByteBuffer slice(ByteBuffer in, int length) throws UnreadableMessageException {
    if (length < 0 || length > in.remaining()) {
      throw new UnreadableMessageException(
          length + " bytes announced, " + in.remaining() + " left");
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    return bytes;
  }

  private static void requireUtf8(ByteBuffer bytes) throws UnreadableMessageException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException e) {
      throw new UnreadableMessageException("a text that is not UTF-8", e);
    }
  }
}
