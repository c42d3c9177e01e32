package io.quikqueue.bench;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something could not be read or reached, in words for people who do not know Java. */
final class Reasons {

  private Reasons() {}

  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException file -> "there is no " + file.getFile();
      case AccessDeniedException file -> "no permission for " + file.getFile();
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
