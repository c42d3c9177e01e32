package io.quikqueue.standalone;

import io.quikqueue.runtime.Printable;
import io.quikqueue.runtime.SetupException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder that one process at a time works in. A marker in it says whether the process before
 * ended in order, and a file which version worked in it last.
 */
final class DataDirectory implements AutoCloseable {

  /** Characters of the file {@code version}, which may be anything. */
  private static final int LONGEST_VERSION = 100;

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
   * @param version of this program; a folder of a newer one is refused
   * @throws SetupException when it cannot be used, or another process has it
   */
  static DataDirectory open(Path folder, String version) {
    try {
      make(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (!lock(channel)) {
          throw refused("another QuikQueue process works in " + shown(folder), null);
        }
        claim(folder, version);
        Path marker = folder.resolve("running");
        return new DataDirectory(channel, marker, !create(marker));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (FileSystemException e) {
      throw refused("cannot write to the folder " + shown(folder) + " (" + reason(e) + ")", e);
    } catch (IOException e) {
      throw refused("cannot use the folder " + shown(folder) + " (" + e.getMessage() + ")", e);
    }
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

  /** Lets the folder go as it was found: this process did nothing in it. */
  void leave() throws IOException {
    if (!crashedBefore) {
      Files.deleteIfExists(marker);
    }
    channel.close();
  }

  private static void make(Path folder) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw refused(shown(folder) + " is a file and no folder", null);
    }
    if (!Files.isDirectory(folder)) {
      boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
      FileAttribute<?>[] owners =
          posix
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
              }
              : new FileAttribute<?>[0];
      Files.createDirectories(folder, owners);
    }
  }

  /** Older versions refuse the folder from here on. */
  private static void claim(Path folder, String version) throws IOException {
    Path file = folder.resolve("version");
    if (Files.isDirectory(file)) {
      throw refused(shown(file) + " is a folder and no file with a version", null);
    }
    String last = Files.exists(file) ? beginning(file).strip() : "";
    if (last.equals(version)) {
      return;
    }
    if (!last.isEmpty() && !isVersion(last)) {
      throw refused(
          "%s names no version of QuikQueue (\"%s\"); this is %s (see docs/upgrade.md)"
              .formatted(shown(file), Printable.of(last), version),
          null);
    }
    if (!last.isEmpty() && isNewer(last, version)) {
      throw refused(
          "the data in %s is of QuikQueue %s, this is %s: start %s or newer (see docs/upgrade.md)"
              .formatted(shown(folder), Printable.of(last), version, Printable.of(last)),
          null);
    }
    Path aside = folder.resolve("version.part");
    Files.writeString(aside, version + "\n");
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST_VERSION), StandardCharsets.ISO_8859_1);
    }
  }

  private static boolean isVersion(String text) {
    try {
      Version.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false; // nothing that any version would have written
    }
  }

  private static boolean isNewer(String last, String version) {
    return Version.parse(last).compareTo(Version.parse(version)) > 0;
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

  private static SetupException refused(String why, @Nullable Exception e) {
    String message = why + "; choose another with --data";
    return e == null ? new SetupException(message) : new SetupException(message, e);
  }

  private static String reason(FileSystemException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such folder";
      default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    };
  }

  /** The path for users to read, without the dots that they may have typed. */
  static String shown(Path path) {
    return Printable.of(path.normalize().toString());
  }
}
