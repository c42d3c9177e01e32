package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.SQLException;
import net.sourceforge.argparse4j.ArgumentParsers;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import org.junit.jupiter.api.Test;

class StartErrorsTest {

  @Test
  void saysInOurWordsThatAnOptionIsWrong() {
    assertThat(describe("-x")).isEqualTo("unknown option -x");
    assertThat(describe("--contexts")).isEqualTo("an option has no value, or a wrong one");
    assertThat(describe("--count", "x")).isEqualTo("an option has no value, or a wrong one");
  }

  @Test
  void tellsARefusedUserFromADatabaseThatIsAway() {
    SQLException denied = new SQLException("Access denied for user 'q'@'h'", "28000", 1045);
    SQLException pooled = new SQLException("no connection", "08001", denied);
    assertThat(StartErrors.describe(new IllegalStateException(pooled), ""))
        .isEqualTo(
            "the database refuses the user (Access denied for user 'q'@'h'); check database.user"
                + " (QQ_DB_USER), database.password (QQ_DB_PASSWORD) and the rights of the user");
    assertThat(StartErrors.describe(new SQLException("to database 'd'", "42000", 1044), ""))
        .startsWith("the database refuses the user (to database 'd')");
    assertThat(StartErrors.describe(new SQLException("refused", "08S01", 0), ""))
        .isEqualTo(
            "cannot reach the database (refused); check that it runs, and database.url"
                + " (QQ_DB_URL)");
    assertThat(StartErrors.describe(new SQLException("refused", "08S01", 0), "db:3306"))
        .startsWith("cannot reach the database at db:3306 (refused); check that");
  }

  private static String describe(String... words) {
    ArgumentParser parser = ArgumentParsers.newFor("p").build();
    parser.addArgument("--contexts");
    parser.addArgument("--count").type(Integer.class);
    Throwable wrong = catchThrowable(() -> parser.parseArgs(words));
    assertThat(StartErrors.isUsage(wrong)).isTrue();
    return StartErrors.describe(wrong, "");
  }
}
