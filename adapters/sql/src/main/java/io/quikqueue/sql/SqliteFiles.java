package io.quikqueue.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the files of a database were deleted or replaced. SQLite goes on writing into those
 * that it has open, and all of that is gone with the process.
 */
final class SqliteFiles {

  private static final Logger log = LoggerFactory.getLogger(SqliteFiles.class);

  private final Path database;
  private final Path journal;
  private volatile @Nullable Object databaseKey;
  private volatile @Nullable Object journalKey;
  private volatile boolean lost;

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
      throw new SQLException("the database file was deleted or replaced; restart the process");
    }
  }

  private boolean isSame() throws SQLException {
    Object database = key(this.database);
    Object journal = key(this.journal);
    Object first = databaseKey;
    if (first == null) {
      databaseKey = database;
    } else if (!first.equals(database)) {
      return false;
    }
    first = journalKey;
    if (first == null) {
      journalKey = journal;
    } else if (!first.equals(journal)) {
      return false;
    }
    return true;
  }

  /** Null = there is no such file, or the file system has no keys. */
  private static @Nullable Object key(Path file) throws SQLException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new SQLException("cannot look at " + file, e);
    }
  }
}
