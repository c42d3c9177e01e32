package io.quikqueue.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Files that only their owner may read or write, and passwords in them. */
final class Secrets {
  private static final String PRIVATE = "rw-------";
  private static final int PASSWORD_BYTES = 16;

  private Secrets() {}

  /** The password kept in this file; a new random one when there is none. */
  static String passwordIn(Path file) throws IOException {
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Files.createDirectories(file.toAbsolutePath().getParent());
    write(file, password + "\n");
    return password;
  }

  /** Replaces a file by one with this text. */
  static void write(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    Files.writeString(file, text);
  }
}
