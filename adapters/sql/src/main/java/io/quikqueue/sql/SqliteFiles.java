package io.quikqueue.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the files of a database were deleted or replaced, or the database cut. SQLite goes
 * on writing into those that it has open, and all of that is gone with the process. It makes the
 * database no shorter itself, since nothing here asks it to.
 */
final class SqliteFiles {

  private static final Logger log = LoggerFactory.getLogger(SqliteFiles.class);

  private final Path database;
  private final Path journal;
  private @Nullable Seen databaseSeen;
  private @Nullable Seen journalSeen;
  private volatile boolean lost;

  /**
   * How a file was last seen.
   *
   * @param key which file it is; null = the file system has no keys
   */
  private record Seen(@Nullable Object key, long size) {

    boolean isSameFile(@Nullable Seen now) {
      return now != null && Objects.equals(key, now.key);
    }
  }

  /**
   * @param database the file; beside it SQLite keeps the write-ahead log
   */
  SqliteFiles(Path database) {
    this.database = database;
    this.journal = database.resolveSibling(database.getFileName() + "-wal");
  }

  /**
   * Checks that they are still the ones first seen.
   *
   * @throws SQLException when they are not, from then on always
   */
  void verify() throws SQLException {
    if (lost || !isSame()) {
      if (!lost) {
        lost = true;
        log.error(
            "event=database_file_lost file=\"{}\" action=\"put it back or not, and restart\"",
            database);
      }
      throw new SQLException("the database file was deleted, replaced or cut; restart the process");
    }
  }

  private synchronized boolean isSame() throws SQLException {
    Seen now = look(database);
    Seen before = databaseSeen;
    if (before != null && (now == null || !before.isSameFile(now) || now.size < before.size)) {
      return false;
    }
    databaseSeen = now;
    now = look(journal);
    before = journalSeen;
    if (before != null && !before.isSameFile(now)) {
      return false;
    }
    journalSeen = now;
    return true;
  }

  /** Null = there is no such file. */
  private static @Nullable Seen look(Path file) throws SQLException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Seen(found.fileKey(), found.size());
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new SQLException("cannot look at " + file, e);
    }
  }
}
