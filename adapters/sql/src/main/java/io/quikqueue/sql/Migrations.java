package io.quikqueue.sql;

import com.codahale.metrics.MetricRegistry;
import io.quikqueue.domain.port.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import liquibase.Contexts;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.analytics.configuration.AnalyticsArgs;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** Brings the tables to what this version needs. */
public final class Migrations {

  /** The changelog, a resource; the name that Dropwizard's {@code db} commands look for. */
  public static final String CHANGELOG = "migrations.xml";

  private static final Pattern CHANGE_SET =
      Pattern.compile("^--changeset quikqueue:(\\S+)", Pattern.MULTILINE);

  /** Of what Liquibase says when a change set that ran was another one. */
  private static final Pattern OTHER_CHANGE_SET = Pattern.compile("::(\\S+)::quikqueue was: ");

  private Migrations() {}

  /**
   * Runs the change sets that are missing; makes the file of an SQLite database. When none is
   * missing, that is found out without Liquibase, which takes a second to start.
   *
   * @throws UnavailableException when the database cannot be reached or a change set fails
   * @throws NewerSchemaException when there are change sets of a newer version
   */
  public static void migrate(DatabaseConfig config) {
    try (Connections pools = config.dialect().connect(config, new MetricRegistry());
        Connection connection = pools.statements().openConnection()) {
      if (missing(connection, config.dialect())) {
        if (config.dialect().isServer()) {
          update(new JdbcConnection(connection), false);
        } else {
          OneTransaction transaction = new OneTransaction(connection);
          try {
            update(transaction, true);
            transaction.end();
          } finally {
            connection.rollback(); // nothing is left of it unless it failed
          }
        }
      }
    } catch (SQLException | LiquibaseException e) {
      Matcher other = OTHER_CHANGE_SET.matcher(String.valueOf(e.getMessage()));
      throw other.find()
          ? new UnavailableException(
              "store",
              "its change set %s is not the one that this version has".formatted(other.group(1)))
          : new UnavailableException("store", e);
    }
  }

  private static boolean missing(Connection connection, Dialect dialect) throws SQLException {
    Set<String> ran = new HashSet<>();
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), null, "DATABASECHANGELOG", null)) {
      if (!tables.next()) {
        return true;
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT ID FROM DATABASECHANGELOG WHERE AUTHOR = 'quikqueue'")) {
      while (rows.next()) {
        ran.add(rows.getString(1));
      }
    }
    Set<String> known = changeSets(dialect);
    boolean missing = !ran.containsAll(known);
    ran.removeAll(known);
    if (!ran.isEmpty()) {
      throw new NewerSchemaException(ran);
    }
    return missing;
  }

  private static Set<String> changeSets(Dialect dialect) {
    String resource = dialect.changelog();
    try (InputStream in = Migrations.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return CHANGE_SET
          .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .results()
          .map(match -> match.group(1))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs what is missing.
   *
   * @param alone whether nobody else can be at it: then a lock is that of a process that was killed
   */
  private static void update(JdbcConnection connection, boolean alone) throws LiquibaseException {
    try {
      LoggerUIService quiet = new LoggerUIService(); // else each change set is a line on stdout
      quiet.setStandardLogLevel(Level.FINE);
      // Liquibase tells its makers about every run unless it is told not to.
      Scope.child(
          Map.of(AnalyticsArgs.ENABLED.getKey(), false, Scope.Attr.ui.name(), quiet),
          () -> {
            Liquibase liquibase =
                new Liquibase(
                    CHANGELOG,
                    new ClassLoaderResourceAccessor(Migrations.class.getClassLoader()),
                    DatabaseFactory.getInstance().findCorrectDatabaseImplementation(connection));
            if (alone) {
              liquibase.forceReleaseLocks(); // else it would be waited for, for minutes
            }
            liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
            liquibase.update(new Contexts());
          });
    } catch (LiquibaseException e) {
      throw e;
    } catch (Exception e) {
      throw new LiquibaseException(e);
    }
  }
}
