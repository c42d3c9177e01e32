package io.quikqueue.rest;

import io.quikqueue.domain.batch.OverloadedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests: each up to a limit, and all together up to a budget. */
final class RequestBodies {

  /** The byte order mark that some programs put before UTF-8. */
  static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private static final int FIRST_BUFFER = 4 << 10;
  private static final Set<String> UTF_8 = Set.of("utf-8", "utf8");

  private final int maxBody;
  private final int maxBatch;
  private final CallerBudget budget;

  RequestBodies(RestConfig config) {
    maxBody = (int) config.getMaxBody().toBytes();
    maxBatch = (int) config.getMaxBatch().toBytes();
    int largest = Math.max(maxBody, maxBatch);
    int all = (int) Math.max(config.getMaxBuffered().toBytes(), largest);
    budget = new CallerBudget(all, Math.max(all / 2, largest));
  }

  /** The most bytes of one body, or of one item of a batch. */
  int maxBody() {
    return maxBody;
  }

  /** The most bytes of a batch. */
  int maxBatch() {
    return maxBatch;
  }

  /**
   * What a body takes of the budget until it is closed; of half of it at most by one address.
   *
   * <p>Used by one thread.
   */
  static final class Share implements AutoCloseable {

    private final CallerBudget.Share bytes;

    private Share(CallerBudget.Share bytes) {
      this.bytes = bytes;
    }

    void take(int more) {
      if (!bytes.tryTake(more)) {
        throw new OverloadedException();
      }
    }

    @Override
    public void close() {
      bytes.close();
    }
  }

  Share share(String caller) {
    return new Share(budget.share(caller));
  }

  /**
   * Has the whole body read as text, which counts in the budget until that is done.
   *
   * @param reader may do what is asked for too: then the body counts until it is done
   * @throws ProblemException 400, 413 or 415
   * @throws OverloadedException when too many bodies are being read already
   */
  <T extends @Nullable Object> T read(
      InputStream body, HttpServletRequest request, Function<String, T> reader) {
    try (Share share = share(Callers.of(request).countedAs())) {
      return reader.apply(text(body, request, share, maxBody));
    }
  }

  /** Likewise, of a request that stands for many jobs: as large as a batch. */
  <T extends @Nullable Object> T readLong(
      InputStream body, HttpServletRequest request, Function<String, T> reader) {
    try (Share share = share(Callers.of(request).countedAs())) {
      return reader.apply(text(body, request, share, maxBatch));
    }
  }

  /**
   * The whole body as text; strictly UTF-8.
   *
   * @throws ProblemException 400, 413 or 415
   * @throws OverloadedException when too many bodies are being read already
   */
  String text(InputStream body, HttpServletRequest request, Share share) {
    return text(body, request, share, maxBody);
  }

  private String text(InputStream body, HttpServletRequest request, Share share, int most) {
    requireJson(request);
    try (Gunzip gunzip = gunzip(body, request)) {
      return text(gunzip == null ? body : gunzip, length(request), share, most);
    }
  }

  private String text(InputStream body, long length, Share share, int most) {
    if (length > most) {
      throw new ProblemException(Problems.tooLarge(most));
    }
    byte[] bytes = new byte[(int) Math.min(length < 0 ? FIRST_BUFFER : length + 1, FIRST_BUFFER)];
    share.take(bytes.length);
    BodyPace pace = new BodyPace();
    int size = 0;
    while (true) {
      int read = read(body, bytes, size, pace);
      if (read < 0) {
        return decode(bytes, startsWithMark(bytes, size) ? MARK.length : 0, size);
      }
      size += read;
      if (size > most) {
        throw new ProblemException(Problems.tooLarge(most));
      }
      if (size == bytes.length) {
        int more = Math.min(size, most + 1 - size);
        share.take(more);
        bytes = Arrays.copyOf(bytes, size + more);
      }
    }
  }

  /** What the client says the body's length is; -1 = it does not say. */
  static long length(HttpServletRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length.trim());
    } catch (NumberFormatException e) {
      throw new ProblemException(
          Problems.invalidParameter(HttpHeaders.CONTENT_LENGTH, "must be a number of bytes"));
    }
  }

  /** Refuses what is not declared as JSON, in UTF-8, as it is or gzipped. */
  static void requireJson(HttpServletRequest request) {
    MediaType type = MediaTypes.contentType(request);
    if (type == null) {
      throw new ProblemException(
          Problems.unsupportedMediaType("the Content-Type is missing; send application/json"));
    }
    String charset = type.getParameters().get(MediaType.CHARSET_PARAMETER);
    if (charset != null && !UTF_8.contains(charset.toLowerCase(Locale.ROOT))) {
      throw new ProblemException(Problems.unsupportedMediaType("JSON is read as UTF-8 only"));
    }
    Enumeration<String> encodings = request.getHeaders(HttpHeaders.CONTENT_ENCODING);
    if (encodings.hasMoreElements()
        && (!isKnown(encodings.nextElement()) || encodings.hasMoreElements())) {
      throw new ProblemException(
          Problems.unsupportedMediaType("the only Content-Encoding read here is gzip"));
    }
  }

  private static boolean isKnown(String encoding) {
    return isGzip(encoding) || encoding.equalsIgnoreCase("identity");
  }

  private static boolean isGzip(String encoding) {
    return encoding.equalsIgnoreCase("gzip") || encoding.equalsIgnoreCase("x-gzip");
  }

  /**
   * What undoes the body's Content-Encoding, to be closed after use; null = it has none.
   *
   * @throws ProblemException when it is not encoded as it says
   */
  static @Nullable Gunzip gunzip(InputStream body, HttpServletRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding == null || !isGzip(encoding)) {
      return null;
    }
    try {
      return new Gunzip(body);
    } catch (IOException | RuntimeException e) { // what the server undoes chunks with
      throw cannotBeDecoded();
    }
  }

  private static ProblemException cannotBeDecoded() {
    return new ProblemException(Problems.unreadable("the body ended early or cannot be decoded"));
  }

  private static boolean startsWithMark(byte[] bytes, int size) {
    return size >= MARK.length && Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length);
  }

  static int read(InputStream body, byte[] bytes, int from, BodyPace pace) {
    int read;
    try {
      read = body.read(bytes, from, bytes.length - from);
    } catch (IOException | RuntimeException e) { // what the server undoes chunks with
      throw cannotBeDecoded();
    }
    if (read > 0) {
      if (pace.tooSlow(read)) {
        throw new ProblemException(Problems.unreadable("the body comes too slowly"));
      }
      pace.giveWay(read);
    }
    return read;
  }

  /** Text of UTF-8; a stray byte is refused, not replaced. */
  static String decode(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) { // the sign of a replacement, or a client's own
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes, from, to - from))
            .toString();
      } catch (CharacterCodingException e) {
        throw new ProblemException(Problems.malformed("the body is not UTF-8"));
      }
    }
    return text;
  }
}
