package io.quikqueue.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder that one process at a time works in. A marker in it says whether the process before
 * ended in order.
 */
final class DataDirectory implements AutoCloseable {

  private final FileChannel channel;
  private final Path marker;
  private final boolean crashedBefore;

  private DataDirectory(FileChannel channel, Path marker, boolean crashedBefore) {
    this.channel = channel;
    this.marker = marker;
    this.crashedBefore = crashedBefore;
  }

  /**
   * Makes the folder, for its owner only, and locks it.
   *
   * @throws InUseException when another process has it
   */
  static DataDirectory open(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!lock(channel)) {
      channel.close();
      throw new InUseException(folder);
    }
    Path marker = folder.resolve("running");
    return new DataDirectory(channel, marker, !create(marker));
  }

  /** Whether the process before was killed. */
  boolean crashedBefore() {
    return crashedBefore;
  }

  /** Notes that this process ended in order, and lets the folder go. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(marker);
    channel.close();
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static boolean create(Path marker) throws IOException {
    try {
      Files.createFile(marker);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Another process works in this folder. */
  static final class InUseException extends IOException {

    private static final long serialVersionUID = 1L;

    private InUseException(Path folder) {
      super("another QuikQueue process works in " + folder);
    }
  }
}
