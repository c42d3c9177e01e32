package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLibraryTest {

  @TempDir Path dir;

  @AfterEach
  void forget() {
    System.clearProperty("org.sqlite.lib.path");
    System.clearProperty("org.sqlite.lib.name");
  }

  @Test
  void isUnpackedOnceAndMendedWhenItIsNotWhatItShouldBe() throws IOException {
    SqliteLibrary.unpackInto(dir.resolve("native"));
    Path library = only();
    var unpackedAt = Files.getLastModifiedTime(library);
    byte[] content = Files.readAllBytes(library);

    SqliteLibrary.unpackInto(dir.resolve("native"));
    assertThat(only()).isEqualTo(library);
    assertThat(Files.getLastModifiedTime(library)).isEqualTo(unpackedAt);

    Files.delete(library); // not written over: this process has it loaded
    Files.writeString(library, "half of it");
    SqliteLibrary.unpackInto(dir.resolve("native"));
    assertThat(only()).hasBinaryContent(content);
    assertThat(System.getProperty("org.sqlite.lib.path")).isEqualTo(library.getParent().toString());
    assertThat(System.getProperty("org.sqlite.lib.name"))
        .isEqualTo(library.getFileName().toString());
  }

  private Path only() throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      assertThat(files).hasSize(1);
      return files.getFirst();
    }
  }
}
