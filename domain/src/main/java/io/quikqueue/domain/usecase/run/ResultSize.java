package io.quikqueue.domain.usecase.run;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bounds results, whichever worker they come from. */
public final class ResultSize {

  private static final int MOST_BYTES_OF_A_CHARACTER = 3;

  private ResultSize() {}

  /**
   * What is wrong with the size of a result; null = nothing.
   *
   * @param json null = no result
   * @param most bytes of UTF-8
   */
  public static @Nullable String problem(@Nullable String json, int most) {
    if (json == null || json.length() <= most / MOST_BYTES_OF_A_CHARACTER) {
      return null; // only long results are counted
    }
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    return bytes > most ? "has %d bytes, of %d at most".formatted(bytes, most) : null;
  }
}
