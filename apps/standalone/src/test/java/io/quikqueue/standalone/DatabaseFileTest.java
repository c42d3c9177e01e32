package io.quikqueue.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.runtime.SetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFileTest {

  @TempDir Path dir;

  @Test
  void takesWhatSqliteCanUse() throws IOException, SQLException {
    Path file = dir.resolve("a.db");
    assertThatCode(() -> DatabaseFile.requireUsable(file)).doesNotThrowAnyException();
    assertThat(file).doesNotExist();

    Files.createFile(file);
    assertThatCode(() -> DatabaseFile.requireUsable(file)).doesNotThrowAnyException();

    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (a)");
    }
    assertThatCode(() -> DatabaseFile.requireUsable(file)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hi", "SQLite format 4", "a text that is longer than what SQLite begins"})
  void refusesOtherFiles(String content) throws IOException {
    Path file = Files.writeString(dir.resolve("a.db"), content);

    assertThatThrownBy(() -> DatabaseFile.requireUsable(file))
        .isInstanceOf(SetupException.class)
        .hasMessage("%s is no SQLite database; choose another folder with --data", file);
  }

  @Test
  void refusesAFolder() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("a.db"));

    assertThatThrownBy(() -> DatabaseFile.requireUsable(folder))
        .isInstanceOf(SetupException.class)
        .hasMessage(
            "%s is a folder and no database file; choose another folder with --data", folder);
  }
}
