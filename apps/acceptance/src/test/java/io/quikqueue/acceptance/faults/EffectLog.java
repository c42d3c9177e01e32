package io.quikqueue.acceptance.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What the handlers wrote down, outside the system. */
final class EffectLog {

  private final Path file;
  private final List<Effect> effects = new ArrayList<>();
  private long read;

  /**
   * One line.
   *
   * @param started whether a run began; otherwise it ended with success
   * @param n what the submitter calls the job
   * @param nanos when, on the clock of {@link System#nanoTime}, which all processes of a machine
   *     share
   */
  record Effect(boolean started, UUID job, int attempt, String n, long nanos) {

    private static Effect of(String line) {
      String[] words = line.split(" ");
      return new Effect(
          words[0].equals("START"),
          UUID.fromString(words[1]),
          Integer.parseInt(words[2]),
          words[3],
          Long.parseLong(words[4]));
    }
  }

  EffectLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Of the jobs whose names begin so, in the order of writing. */
  synchronized List<Effect> of(String prefix) {
    readOn();
    return effects.stream().filter(effect -> effect.n().startsWith(prefix)).toList();
  }

  /** How many runs of the job of this name began. */
  long starts(String n) {
    return of(n).stream().filter(effect -> effect.n().equals(n) && effect.started()).count();
  }

  /** What was added since the last time, but for a line that is still being written. */
  private void readOn() {
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer added = ByteBuffer.allocate((int) (channel.size() - read));
      while (added.hasRemaining() && channel.read(added, read + added.position()) >= 0) {}
      String text = new String(added.array(), 0, added.position(), StandardCharsets.US_ASCII);
      int whole = text.lastIndexOf('\n') + 1;
      text.substring(0, whole).lines().map(Effect::of).forEach(effects::add);
      read += whole;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
