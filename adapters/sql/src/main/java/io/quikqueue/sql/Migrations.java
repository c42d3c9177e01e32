package io.quikqueue.sql;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
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

  private Migrations() {}

  /**
   * Runs the change sets that are missing; makes the file of an SQLite database. When none is
   * missing, that is found out without Liquibase, which takes a second to start.
   *
   * @throws UnavailableException when the database cannot be reached or a change set fails
   * @throws NewerSchemaException when there are change sets of a newer version
   */
  public static void migrate(DatabaseConfig config) {
    try {
      switch (config.dialect()) {
        case MYSQL -> {
          ManagedDataSource pool =
              config.dataSourceFactory().build(new MetricRegistry(), "migrations");
          try (Connection connection = pool.getConnection()) {
            migrate(connection);
          } finally {
            pool.stop();
          }
        }
        case SQLITE -> {
          try (SqliteConnections pool = SqliteConnections.writing(config);
              Connection connection = pool.openConnection()) {
            migrate(connection);
          }
        }
      }
    } catch (SQLException | LiquibaseException e) {
      throw new UnavailableException("store", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the pool did not stop", e);
    }
  }

  private static void migrate(Connection connection) throws SQLException, LiquibaseException {
    if (missing(connection)) {
      update(connection);
    }
  }

  private static boolean missing(Connection connection) throws SQLException {
    Dialect dialect = Dialect.ofUrl(connection.getMetaData().getURL());
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
    String resource = dialect.pick("mysql.sql", "sqlite.sql");
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

  private static void update(Connection connection) throws LiquibaseException {
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
                    DatabaseFactory.getInstance()
                        .findCorrectDatabaseImplementation(new JdbcConnection(connection)));
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
