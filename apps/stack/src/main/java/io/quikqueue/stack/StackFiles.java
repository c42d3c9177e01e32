package io.quikqueue.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.quikqueue.servers.ServerException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files in the data directory that tell others what runs: {@code stack.json} and {@code
 * stack.env}.
 */
final class StackFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path data;

  /** Held here because a channel that nobody refers to is closed, and its lock with it. */
  private @Nullable FileLock claim;

  StackFiles(Path data) {
    this.data = data;
  }

  /**
   * Makes the directory this stack's own until the process ends.
   *
   * @throws ServerException when another stack runs on it
   */
  void claim() {
    try {
      if (!Files.exists(data)) {
        Files.createDirectories(data);
        // What users send lies in here.
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
      }
      FileChannel file =
          FileChannel.open(
              data.resolve("stack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      claim = file.tryLock();
      if (claim == null) {
        file.close();
        throw new ServerException("another stack runs on " + data + "; choose another --data");
      }
      Files.deleteIfExists(json());
    } catch (IOException e) {
      throw new ServerException(
          "cannot write to the folder " + data + reason(e) + "; choose another with --data", e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> " (permission denied)";
      case FileSystemException file when file.getReason() != null -> " (" + file.getReason() + ")";
      default -> "";
    };
  }

  Path json() {
    return data.resolve("stack.json");
  }

  Path env() {
    return data.resolve("stack.env");
  }

  /** Writes both whole: a reader never sees half of one. Only the owner may read the settings. */
  void write(Map<String, Object> processes, Map<String, String> settings) {
    String exports =
        settings.entrySet().stream()
            .map(e -> "export " + e.getKey() + "=" + quoted(e.getValue()) + "\n")
            .collect(Collectors.joining());
    try {
      replace(env(), exports);
      replace(json(), JSON.writeValueAsString(processes) + "\n");
    } catch (IOException e) {
      throw ServerException.because("cannot write to " + data, e);
    }
  }

  /** As one word of a shell, whatever characters it has. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static void replace(Path file, String text) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(aside);
    Files.createFile(
        aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(aside, text);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
