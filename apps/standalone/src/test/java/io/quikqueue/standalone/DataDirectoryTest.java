package io.quikqueue.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.runtime.SetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {

  @TempDir Path dir;

  @Test
  void isMadeForItsOwnerAndHasOneProcess() throws IOException {
    Path folder = dir.resolve("a #1/b");
    try (DataDirectory first = DataDirectory.open(folder, "1.2.3")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
      assertThat(first.crashedBefore()).isFalse();
      assertThatThrownBy(() -> DataDirectory.open(folder, "1.2.3"))
          .isInstanceOf(SetupException.class)
          .hasMessage("another QuikQueue process works in %s; choose another with --data", folder);
    }
  }

  @Test
  void tellsACrashFromAnOrderlyEndAndFromAStartThatFailed() throws IOException {
    DataDirectory.open(dir, "1.2.3").leave();
    DataDirectory.open(dir, "1.2.3").close();
    Files.createFile(dir.resolve("running"));
    DataDirectory afterCrash = DataDirectory.open(dir, "1.2.3");
    assertThat(afterCrash.crashedBefore()).isTrue();
    afterCrash.leave();

    try (DataDirectory again = DataDirectory.open(dir, "1.2.3")) {
      assertThat(again.crashedBefore()).as("nothing was done about the crash").isTrue();
    }
    try (DataDirectory inOrder = DataDirectory.open(dir, "1.2.3")) {
      assertThat(inOrder.crashedBefore()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.4", "1.10.0", "2.0", "1.2.3.1"})
  void ofANewerVersionIsRefusedAndLeftAsItWas(String newer) throws IOException {
    Files.writeString(dir.resolve("version"), newer + "\n");

    assertThatThrownBy(() -> DataDirectory.open(dir, "1.2.3"))
        .isInstanceOf(SetupException.class)
        .hasMessageContainingAll(newer, "1.2.3", dir.toString(), "docs/upgrade.md");

    assertThat(dir.resolve("version")).hasContent(newer);
    assertThat(dir.resolve("running")).doesNotExist();
    DataDirectory.open(dir, newer).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no version", "garbage", "{}"})
  void ofNoVersionIsRefusedAndLeftAsItWas(String text) throws IOException {
    Path file = Files.writeString(dir.resolve("version"), text);

    assertThatThrownBy(() -> DataDirectory.open(dir, "1.2.3"))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith(file + " names no version of QuikQueue (\"" + text + "\")")
        .hasMessageEndingWith("; choose another with --data");

    assertThat(file).hasContent(text);
  }

  @Test
  void ofWhatIsNoTextIsRefusedLikewise() throws IOException {
    Path file = Files.write(dir.resolve("version"), new byte[] {(byte) 0xff, 0x1b, (byte) 0xfe});
    assertThatThrownBy(() -> DataDirectory.open(dir, "1.2.3"))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith(file + " names no version of QuikQueue (\"ÿ\\u001bþ\")");

    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> DataDirectory.open(dir, "1.2.3"))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith(file + " is a folder and no file with a version; choose another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n"})
  void ofNobodysVersionIsTakenOver(String text) throws IOException {
    Files.writeString(dir.resolve("version"), text);

    DataDirectory.open(dir, "1.2.3").close();

    assertThat(dir.resolve("version")).hasContent("1.2.3");
  }

  @Test
  void showsNoDotsOfAPath() throws IOException {
    Path dotted = dir.resolve("./a/../b");
    try (DataDirectory first = DataDirectory.open(dotted.normalize(), "1.2.3")) {
      assertThat(first.crashedBefore()).isFalse();
      Files.createDirectory(dir.resolve("a"));
      assertThatThrownBy(() -> DataDirectory.open(dotted, "1.2.3"))
          .hasMessageStartingWith(
              "another QuikQueue process works in " + dir.resolve("b") + "; choose");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.3", "1.2.2", "0.9", "1.2.3-SNAPSHOT"})
  void ofAnOlderVersionIsTakenOver(String older) throws IOException {
    Files.writeString(dir.resolve("version"), older);

    DataDirectory.open(dir, "1.2.3").close();

    assertThat(dir.resolve("version")).hasContent("1.2.3");
  }

  @Test
  void saysInALineWhyAFolderCannotBeUsed() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.open(file, "1.2.3"))
        .isInstanceOf(SetupException.class)
        .hasMessage("%s is a file and no folder; choose another with --data", file);
    assertThatThrownBy(() -> DataDirectory.open(file.resolve("below"), "1.2.3"))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith("cannot write to the folder " + file.resolve("below") + " (")
        .hasMessageEndingWith("; choose another with --data");
  }
}
