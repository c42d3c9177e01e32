package io.quikqueue.servers;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * A server or child process could not be started, stopped or signalled; the message says why in
 * words for a user.
 */
public final class ServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason. */
  public ServerException(String message) {
    super(message);
  }

  /** With the reason and what was thrown. */
  public ServerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** With what could not be done, such as "cannot use /data", and the reason in words. */
  public static ServerException because(String what, IOException cause) {
    return new ServerException(what + " (" + reason(cause) + ")", cause);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException file -> file.getFile() + " is a file and no folder";
      case NoSuchFileException gone -> gone.getFile() + ": no such file or folder";
      case FileSystemException file when file.getReason() != null ->
          file.getFile() + ": " + file.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
