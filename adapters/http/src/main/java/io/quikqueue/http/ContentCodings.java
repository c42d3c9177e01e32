package io.quikqueue.http;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Undoes what a Content-Encoding header names. */
final class ContentCodings {

  private static final int MAX_CODINGS = 3;
  private static final int ZLIB_DEFLATE = 8;

  private ContentCodings() {}

  /**
   * A body after its codings were undone.
   *
   * @param cut whether there was more than is kept
   */
  record Plain(byte[] bytes, boolean cut) {}

  /** The codings that the header names, the last applied last; without {@code identity}. */
  static List<String> named(@Nullable String header) {
    return header == null
        ? List.of()
        : Arrays.stream(header.split(","))
            .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
            .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
            .toList();
  }

  /**
   * Decompresses, and stops at the limit, however much more there would be.
   *
   * @param cut whether the body is only the beginning of what was sent
   * @return null when a coding is not known, or the bytes do not fit it
   */
  static @Nullable Plain undo(byte[] body, List<String> codings, boolean cut, int maxBytes) {
    if (codings.size() > MAX_CODINGS) {
      return null;
    }
    Plain plain = new Plain(body, cut);
    for (String coding : codings.reversed()) {
      try {
        InputStream in = open(coding, plain.bytes());
        if (in == null) {
          return null;
        }
        plain = read(in, plain.cut(), maxBytes);
      } catch (IOException e) {
        return null;
      }
    }
    return plain;
  }

  private static @Nullable InputStream open(String coding, byte[] body) throws IOException {
    InputStream in = new ByteArrayInputStream(body);
    return switch (coding) {
      case "gzip", "x-gzip" -> new GZIPInputStream(in);
      // RFC 9110 means the zlib format; some servers send the bare stream
      case "deflate" ->
          isZlib(body)
              ? new InflaterInputStream(in)
              : new InflaterInputStream(in, new Inflater(true));
      default -> null;
    };
  }

  private static boolean isZlib(byte[] body) {
    return body.length >= 2
        && (body[0] & 0x0f) == ZLIB_DEFLATE
        && ((body[0] & 0xff) << 8 | body[1] & 0xff) % 31 == 0;
  }

  private static Plain read(InputStream in, boolean cut, int maxBytes) throws IOException {
    byte[] bytes = new byte[Math.min(maxBytes, 8 * 1024)];
    int length = 0;
    try (in) {
      while (true) {
        if (length == bytes.length) {
          if (length == maxBytes) {
            return new Plain(bytes, cut || in.read() >= 0);
          }
          bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, length * 2L));
        }
        int read = in.read(bytes, length, bytes.length - length);
        if (read < 0) {
          return new Plain(Arrays.copyOf(bytes, length), cut);
        }
        length += read;
      }
    } catch (EOFException e) {
      return new Plain(Arrays.copyOf(bytes, length), true); // its end is missing
    }
  }
}
