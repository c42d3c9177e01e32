package io.quikqueue.standalone;

import io.quikqueue.runtime.SetupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a file can be our database, found out before its rights or anything in it change. */
final class DatabaseFile {

  private static final byte[] BEGINNING = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private DatabaseFile() {}

  /**
   * Takes a file that is missing, empty, or an SQLite database.
   *
   * @throws SetupException when it is something else, or cannot be read
   */
  static void requireUsable(Path file) {
    if (Files.isDirectory(file)) {
      throw refused(file, "is a folder and no database file", null);
    }
    if (!Files.exists(file)) {
      return;
    }
    byte[] beginning;
    try (InputStream in = Files.newInputStream(file)) {
      beginning = in.readNBytes(BEGINNING.length);
    } catch (IOException e) {
      throw refused(file, "cannot be read", e);
    }
    if (beginning.length > 0 && !Arrays.equals(beginning, BEGINNING)) {
      throw refused(file, "is no SQLite database", null);
    }
  }

  private static SetupException refused(Path file, String why, @Nullable IOException e) {
    String message = DataDirectory.shown(file) + " " + why + "; choose another folder with --data";
    return e == null ? new SetupException(message) : new SetupException(message, e);
  }
}
