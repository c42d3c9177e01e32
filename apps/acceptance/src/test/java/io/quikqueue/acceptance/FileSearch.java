package io.quikqueue.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks into files for a text, whatever else is in them. */
final class FileSearch {

  private static final int PIECE = 1 << 20;

  private FileSearch() {}

  /** The files in these folders that have the text, which is ASCII. */
  static List<Path> with(String text, Path... folders) {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> all = Files.walk(folder)) {
        all.filter(Files::isRegularFile).filter(file -> has(file, text)).forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  private static boolean has(Path file, String text) {
    try (var in = Files.newInputStream(file)) {
      String before = "";
      byte[] piece;
      while ((piece = in.readNBytes(PIECE)).length > 0) {
        String both = before + new String(piece, StandardCharsets.ISO_8859_1);
        if (both.contains(text)) {
          return true;
        }
        before = both.substring(Math.max(0, both.length() - text.length()));
      }
      return false;
    } catch (IOException e) {
      return false; // it has just been deleted
    }
  }
}
