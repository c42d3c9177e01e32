package io.quikqueue.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.quikqueue.domain.usecase.schedule.DeclareSchedules;
import io.quikqueue.rest.ScheduleFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The schedules in the files of a folder: {@code NAME.yml} is the schedule of that name. */
final class ScheduleFiles {

  private static final int MOST_FILES = 1_000;
  private static final long MOST_BYTES = 256 << 10;
  private static final String END = ".yml";

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private ScheduleFiles() {}

  /**
   * Reads all of them.
   *
   * @throws IllegalArgumentException saying which file is wrong, and what of it
   */
  static Map<String, DeclareSchedules.Declared> read(Path folder) {
    Map<String, DeclareSchedules.Declared> declared = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + END)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String schedule = name.substring(0, name.length() - END.length());
        if (declared.size() >= MOST_FILES) {
          throw new IllegalArgumentException("has more than %d files".formatted(MOST_FILES));
        }
        declared.put(schedule, read(file, schedule, "has a file " + name));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "is no folder that can be read: " + Printable.of(folder.toString()), e);
    }
    return declared;
  }

  private static DeclareSchedules.Declared read(Path file, String schedule, String place)
      throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IllegalArgumentException(place + " of more than 256 KiB");
    }
    try {
      String json = YAML.readTree(file.toFile()).toString();
      return ScheduleFile.read(schedule, json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s that is no YAML: %s".formatted(place, firstLine(e.getOriginalMessage())), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(place, e.getMessage()), e);
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
