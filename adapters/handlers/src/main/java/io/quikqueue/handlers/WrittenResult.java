package io.quikqueue.handlers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quikqueue.domain.job.Surrogates;
import io.quikqueue.domain.port.PermanentFailureException;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * A result as JSON text.
 *
 * @param note what had to be changed; null = nothing
 */
record WrittenResult(String json, @Nullable String note) {

  /** As long as the longest result that can be configured, so that one without end has one. */
  private static final int MAX_CHARS = 8 << 20;

  /**
   * Writes a result.
   *
   * @throws PermanentFailureException when it cannot be written, or no store could hold it; another
   *     attempt would return the like
   */
  static WrittenResult of(JsonMapper mapper, Object result) throws PermanentFailureException {
    BoundedText text = new BoundedText();
    String note;
    try (FiniteNumbers generator = new FiniteNumbers(mapper.createGenerator(text))) {
      mapper.writeValue(generator, result);
      note = generator.note();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      if (text.full) {
        throw new PermanentFailureException(
            "result: is longer than " + MAX_CHARS + " characters", e);
      }
      throw new PermanentFailureException("result: cannot be written as JSON: " + why(e), e);
    }
    String json = text.written.toString();
    if (!Surrogates.paired(json)) {
      throw new PermanentFailureException("result: contains half of a surrogate pair");
    }
    return new WrittenResult(json, note);
  }

  /**
   * Asks no exception that may be a plugin's own for its message, and leaves out what the library
   * tells its callers.
   */
  private static String why(Throwable e) {
    if (!(e instanceof JsonProcessingException json)) {
      return e.getClass().getName();
    }
    if (e instanceof StreamConstraintsException
        || e.getCause() instanceof StreamConstraintsException) {
      return "it is nested deeper than " + StreamWriteConstraints.DEFAULT_MAX_DEPTH + " levels";
    }
    String message = json.getOriginalMessage();
    return message.startsWith("Null key") ? "a map has null for a key" : message;
  }

  private static final class BoundedText extends Writer {

    private final StringBuilder written = new StringBuilder();
    private boolean full;

    @Override
    public void write(char[] chars, int from, int length) throws IOException {
      if (written.length() + length > MAX_CHARS) {
        full = true;
        throw new IOException("too long");
      }
      written.append(chars, from, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
