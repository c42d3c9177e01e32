package io.quikqueue.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The texts are what Liquibase prints for each command. */
class DatabaseOutputTest {

  private static final String DATABASE =
      "quikqueue@127.0.0.1@jdbc:mysql://127.0.0.1:3306/quikqueue?user=u&password=hunter2";

  @Test
  void migrateNamesTheChangeSetsAndHasNoStatistics() throws IOException {
    assertThat(
            said(
                """
                Running Changeset: io/quikqueue/sql/mysql.sql::jobs::quikqueue
                Running Changeset: io/quikqueue/sql/mysql.sql::outbox::quikqueue

                UPDATE SUMMARY
                Run:                         41
                Previously run:               0
                Filtered out:                51
                -------------------------------
                Total change sets:           92


                FILTERED CHANGE SETS SUMMARY
                DBMS mismatch:               51

                Liquibase: Update has been successful. Rows affected: 0\
                """))
        .isEqualTo(
            """
            running change set jobs
            running change set outbox
            the schema is up to date
            """);
  }

  @Test
  void saysOnceThatThereIsNothingToDo() throws IOException {
    assertThat(
            said(
                """
                Database is up to date, no changesets to execute

                UPDATE SUMMARY
                Run:                          0
                Liquibase: Update has been successful. Rows affected: 0
                """))
        .isEqualTo("the schema is up to date\n");
    assertThat(said(DATABASE + " is up to date\n")).isEqualTo("the schema is up to date\n");
    assertThat(said("INFO: 0 changesets rolled back.\n"))
        .isEqualTo("there is no change set to take back\n");
  }

  @Test
  void statusSaysWhatIsMissingAndWhatRunsIt() throws IOException {
    assertThat(
            said(
                """
                Name 'PK_DATABASECHANGELOGLOCK' ignored for PRIMARY key.
                2 changesets have not been applied to %s
                     io/quikqueue/sql/mysql.sql::jobs::quikqueue
                     io/quikqueue/sql/mysql.sql::outbox::quikqueue
                """
                    .formatted(DATABASE)))
        .isEqualTo(
            """
            missing change sets: 2; `db migrate` runs them
              jobs
              outbox
            """);
    assertThat(said("1 changeset has not been applied to " + DATABASE + "\n"))
        .startsWith("missing change sets: 1;");
  }

  @Test
  void rollbackNamesTheChangeSets() throws IOException {
    assertThat(said("Rolling Back Changeset: io/quikqueue/sql/mysql.sql::jobs::quikqueue\n"))
        .isEqualTo("taking back change set jobs\n");
  }

  @Test
  void locksAreShownWithoutTheDatabase() throws IOException {
    assertThat(said("Database change log locks for " + DATABASE + "\n - No locks\n"))
        .isEqualTo("locks of the schema:\n  none\n");
    assertThat(said(" - host (10.0.0.1) at 30 November 2026\n"))
        .isEqualTo(" - host (10.0.0.1) at 30 November 2026\n");
    assertThat(said("Successfully released all database change log locks for '" + DATABASE + "'\n"))
        .isEqualTo("no lock is held\n");
  }

  @Test
  void aDryRunShowsItsStatementsAndNoUrl() throws IOException {
    assertThat(
            said(
                """
                --  Against: %s
                --  Liquibase version: 4.33.0

                CREATE TABLE naïve (a INT);
                """
                    .formatted(DATABASE)))
        .isEqualTo("--  Liquibase version: 4.33.0\nCREATE TABLE naïve (a INT);\n");
  }

  @Test
  void noOtherLineHasTheUrl() throws IOException {
    assertThat(said("Waiting for " + DATABASE + " now"))
        .isEqualTo("Waiting for the database now\n");
  }

  private static String said(String printed) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream words =
        new PrintStream(new DatabaseOutput(out), true, StandardCharsets.UTF_8)) {
      words.print(printed);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
