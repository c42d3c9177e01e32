package io.quikqueue.http;

import io.quikqueue.domain.job.Surrogates;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text that bytes are, without a character lost: by their byte order mark, else by the charset
 * of the header, else as UTF-8, else, where the type is one of text, as ISO-8859-1, which every
 * byte fits.
 *
 * @param note what was not as the server said; null = nothing
 */
record BodyText(String text, @Nullable String note) {

  /** Returns null when the bytes are no text. */
  static @Nullable BodyText of(byte[] bytes, MediaType type, boolean cut) {
    ByteOrderMark mark = ByteOrderMark.of(bytes);
    if (mark != null) {
      String text = decode(bytes, mark.length, mark.charset, cut);
      if (text != null) {
        return new BodyText(text, null);
      }
    }
    Charset said = charset(type.charset());
    String text = said == null ? null : decode(bytes, 0, said, cut);
    if (text != null) {
      return new BodyText(text, null);
    }
    String note =
        type.charset() == null || said == StandardCharsets.UTF_8
            ? null
            : "its charset '%s' %s"
                .formatted(
                    Text.printable(type.charset(), 40),
                    said == null ? "is unknown" : "does not fit");
    text = said == StandardCharsets.UTF_8 ? null : decode(bytes, 0, StandardCharsets.UTF_8, cut);
    if (text != null && (type.isText() || printable(text))) {
      return new BodyText(text, note == null ? null : note + ", it is read as UTF-8");
    }
    if (!type.isText()) {
      return null;
    }
    return new BodyText(
        new String(bytes, StandardCharsets.ISO_8859_1),
        (note == null ? "it is no UTF-8" : note) + ", it is read as ISO-8859-1");
  }

  private static @Nullable Charset charset(@Nullable String name) {
    try {
      return name == null || name.isEmpty() ? null : Charset.forName(name);
    } catch (IllegalArgumentException e) {
      return null; // no such charset, or no such name can be
    }
  }

  /** Returns null when bytes fit no character; of a body that was cut the last may be a part. */
  private static @Nullable String decode(byte[] bytes, int from, Charset charset, boolean cut) {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
    CharBuffer out =
        CharBuffer.allocate((int) Math.ceil(in.remaining() * (double) decoder.maxCharsPerByte()));
    CoderResult result = decoder.decode(in, out, !cut);
    if (!result.isError() && !cut) {
      result = decoder.flush(out);
    }
    if (result.isError()) {
      return null;
    }
    String text = out.flip().toString();
    return Surrogates.paired(text) ? text : null;
  }

  /** Whether it has none of the control characters that only data has. */
  private static boolean printable(String text) {
    return text.chars().allMatch(c -> c >= ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f');
  }

  /** What a text begins with to tell its charset. */
  private enum ByteOrderMark {
    UTF_8(StandardCharsets.UTF_8, 0xef, 0xbb, 0xbf),
    UTF_32LE(StandardCharsets.UTF_32LE, 0xff, 0xfe, 0, 0), // before the one it begins with
    UTF_32BE(StandardCharsets.UTF_32BE, 0, 0, 0xfe, 0xff),
    UTF_16LE(StandardCharsets.UTF_16LE, 0xff, 0xfe),
    UTF_16BE(StandardCharsets.UTF_16BE, 0xfe, 0xff);

    private final Charset charset;
    private final int length;
    private final int[] mark;

    ByteOrderMark(Charset charset, int... mark) {
      this.charset = charset;
      this.length = mark.length;
      this.mark = mark;
    }

    static @Nullable ByteOrderMark of(byte[] bytes) {
      for (ByteOrderMark candidate : values()) {
        if (candidate.begins(bytes)) {
          return candidate;
        }
      }
      return null;
    }

    private boolean begins(byte[] bytes) {
      for (int i = 0; i < length; i++) {
        if (i >= bytes.length || (bytes[i] & 0xff) != mark[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
