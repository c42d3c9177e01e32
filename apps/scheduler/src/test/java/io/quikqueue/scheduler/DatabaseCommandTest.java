package io.quikqueue.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.runtime.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseCommandTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db status a.yml",
        "db migrate a.yml",
        "db migrate --dry-run a.yml",
        "db rollback -c 1 --yes a.yml",
        "db rollback --yes --count=1 a.yml",
        "db rollback -c12 --dry-run a.yml",
        "db rollback -t v1 -n a.yml",
        "db locks -r a.yml"
      })
  void takesTheCommandsForUsers(String words) {
    assertThatCode(() -> DatabaseCommand.checked(List.of(words.split(" "))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"drop-all", "clear-checksums", "dump", "fast-forward", "tag", "test", "migrat"})
  void refusesAllOthers(String command) {
    assertThatThrownBy(() -> DatabaseCommand.checked(List.of("db", command, "a.yml")))
        .isInstanceOf(UsageException.class)
        .hasMessage("db has no command " + command + "; it has status, migrate, rollback, locks");
  }

  @ParameterizedTest
  @CsvSource({
    "db, db needs a command",
    "db -v, db needs a command",
    "db a.yml, db has no command a.yml",
    "db migrate, db migrate needs a configuration file",
    "db rollback -c, db rollback needs a configuration file",
    "db rollback a.yml, 'db rollback needs -c N'",
    "db rollback --dry-run a.yml, 'db rollback needs -c N'",
    "db rollback -c x a.yml, 'db rollback -c needs a whole number from 1 on, not x'",
    "db rollback -c 0 a.yml, 'db rollback -c needs a whole number from 1 on, not 0'",
    "db rollback --count=-1 a.yml, 'db rollback -c needs a whole number from 1 on, not -1'",
    "db rollback -c1.5 a.yml, 'db rollback -c needs a whole number from 1 on, not 1.5'",
    "db rollback -c a.yml, 'db rollback -c needs a whole number from 1 on, not a.yml'",
    "db locks a.yml, db locks needs -l"
  })
  void saysWhatIsMissing(String words, String message) {
    assertThatThrownBy(() -> DatabaseCommand.checked(List.of(words.split(" "))))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-c 1", "-c 99", "--count=1", "-t v1", "-d 2026-01-01"})
  void aRollbackWantsAYes(String options) {
    List<String> words = List.of(("db rollback " + options + " a.yml").split(" "));

    assertThatThrownBy(() -> DatabaseCommand.checked(words))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--yes");
  }

  @Test
  void leavesTheYesOut() {
    assertThat(DatabaseCommand.checked(List.of("db", "rollback", "-c", "1", "--yes", "a.yml")))
        .containsExactly("db", "rollback", "-c", "1", "a.yml");
  }

  @Test
  void printsNoControlCharacters() {
    assertThatThrownBy(() -> DatabaseCommand.checked(List.of("db", "\u001b[2J", "a.yml")))
        .hasMessageStartingWith("db has no command \\u001b[2J;");
  }
}
