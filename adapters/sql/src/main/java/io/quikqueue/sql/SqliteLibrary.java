package io.quikqueue.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, kept in a folder from start to start. Left to itself the driver unpacks
 * it into the temporary folder each time, where a process that is killed leaves it, and where it
 * cannot be loaded when nothing may be executed there.
 */
public final class SqliteLibrary {

  private SqliteLibrary() {}

  /**
   * Unpacks the library of this version, unless it is there, and lets the driver know. To be called
   * before the first connection is made.
   *
   * @param folder for the library alone; made when missing. Whoever may write to it decides what
   *     this process runs
   * @throws IOException when it cannot be written, or loaded from anywhere
   */
  public static void unpackInto(Path folder) throws IOException {
    String name = LibraryLoaderUtil.getNativeLibName();
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        return; // none for this platform: the driver says so, or finds one of the system
      }
      Path home = folder.toAbsolutePath().resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
      PrivateFiles.createFolder(home);
      write(in.readAllBytes(), home.resolve(name));
      if (loads(home.resolve(name))) {
        System.setProperty("org.sqlite.lib.path", home.toString());
        System.setProperty("org.sqlite.lib.name", name);
      }
      initialize(home);
    }
  }

  private static boolean loads(Path library) {
    try {
      System.load(library.toString());
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false; // nothing may be executed there: the driver tries the temporary folder
    }
  }

  private static void initialize(Path home) throws IOException {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw new IOException(
          "SQLite's library can be loaded neither from %s nor from %s: nothing may be executed there"
              .formatted(home, System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  private static void write(byte[] library, Path file) throws IOException {
    if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), library)) {
      return;
    }
    Path aside = Files.createTempFile(file.getParent(), "unpacking", "");
    try {
      Files.write(aside, library);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}
