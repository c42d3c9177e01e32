package io.quikqueue.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files and folders that only their owner may read: what users send lies in them. */
final class PrivateFiles {

  private static final Logger log = LoggerFactory.getLogger(PrivateFiles.class);
  private static final String FOLDER = "rwx------";
  private static final String FILE = "rw-------";

  private PrivateFiles() {}

  /** Makes the folder and those above it that are missing; one that is there stays as it is. */
  static void createFolder(@Nullable Path folder) throws IOException {
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder, attributes(folder, FOLDER));
    }
  }

  /** Makes an empty file, or takes the rights of others away from the one that is there. */
  static void create(Path file) throws IOException {
    if (Files.exists(file)) {
      tighten(file);
    } else {
      Files.createFile(file, attributes(file, FILE));
    }
  }

  /** Takes the rights of others away from those of the files that are there. */
  static void tighten(List<Path> files) throws IOException {
    for (Path file : files) {
      if (Files.exists(file)) {
        tighten(file);
      }
    }
  }

  private static void tighten(Path file) throws IOException {
    if (!isPosix(file)) {
      return;
    }
    Set<PosixFilePermission> owners = PosixFilePermissions.fromString(FILE);
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
    if (!owners.containsAll(found)) {
      Files.setPosixFilePermissions(file, owners);
      log.warn(
          "event=file_made_private file=\"{}\" was={} is={}",
          file,
          PosixFilePermissions.toString(found),
          FILE);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] attributes(Path path, String rights) {
    if (!isPosix(path)) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(rights);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }
}
