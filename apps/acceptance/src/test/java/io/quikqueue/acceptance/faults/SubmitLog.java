package io.quikqueue.acceptance.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for and what it was told, on disk before the next step is taken: {@code TRY n
 * keyed act} before a submit is sent, then {@code OK n id}, {@code NO n why} or {@code UNKNOWN n
 * why}. A submit that is repeated is tried again.
 */
final class SubmitLog implements AutoCloseable {

  /** What the client knows of a submit; one without an answer is unknown. */
  enum Outcome {
    OK,
    NO,
    UNKNOWN
  }

  /**
   * A job as its client sees it.
   *
   * @param keyed whether it has an idempotency key, so that repeating it makes no second job
   * @param act what its handler was told to do
   * @param id the job it became; null = not known
   */
  record Submit(String n, boolean keyed, String act, Outcome outcome, @Nullable UUID id) {}

  private final FileChannel file;

  SubmitLog(Path path) {
    try {
      file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void tries(List<Submit> submits) {
    write(submits.stream().map(s -> "TRY %s %s %s%n".formatted(s.n, s.keyed, s.act)).toList());
  }

  void learns(List<Submit> submits) {
    write(
        submits.stream()
            .map(s -> "%s %s %s%n".formatted(s.outcome, s.n, s.id == null ? "-" : s.id))
            .toList());
  }

  private synchronized void write(List<String> lines) {
    ByteBuffer bytes = ByteBuffer.wrap(String.join("", lines).getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        int unused = file.write(bytes);
      }
      file.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything in such a file, by the clients' names for their jobs. */
  static Map<String, Submit> read(Path path) {
    Map<String, Submit> submits = new LinkedHashMap<>();
    Set<String> inDoubt = new HashSet<>();
    try {
      for (String line : Files.readAllLines(path)) {
        String[] words = line.split(" ");
        String n = words[1];
        if (words[0].equals("TRY")) {
          boolean keyed = Boolean.parseBoolean(words[2]);
          submits.putIfAbsent(n, new Submit(n, keyed, words[3], Outcome.UNKNOWN, null));
        } else {
          Submit before = submits.get(n);
          Outcome outcome = Outcome.valueOf(words[0]);
          UUID id = words[2].equals("-") ? null : UUID.fromString(words[2]);
          if (outcome == Outcome.UNKNOWN) {
            inDoubt.add(n);
          }
          // What was accepted once stays accepted, whatever a repetition is told; and that one is
          // refused says nothing of the tries before it.
          if (outcome == Outcome.NO && inDoubt.contains(n)) {
            continue;
          }
          if (before.outcome != Outcome.OK) {
            submits.put(n, new Submit(n, before.keyed, before.act, outcome, id));
          } else if (id != null && !id.equals(before.id)) {
            throw new AssertionError(n + " became two jobs: " + before.id + " and " + id);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return submits;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
