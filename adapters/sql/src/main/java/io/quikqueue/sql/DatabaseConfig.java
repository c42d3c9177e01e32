package io.quikqueue.sql;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.quikqueue.domain.port.FieldCipher;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where the job store is and how it is used. */
public final class DatabaseConfig {

  /** What is said to a process that was told of an SQLite file and needs a server. */
  public static final String SERVER_WANTED =
      "database.url must be a jdbc:mysql: URL: an SQLite file belongs to `quikqueue up` alone";

  /** How the URL of an SQLite file begins. */
  static final String SQLITE = "jdbc:sqlite:";

  /**
   * {@code jdbc:mysql://host:port/database} or {@code jdbc:sqlite:FILE}, where FILE is a path as
   * the file system knows it, whatever characters it has.
   */
  @NotNull
  @Pattern(regexp = "(?s)jdbc:(mysql|sqlite):.+", message = "must be a jdbc:mysql: URL")
  private String url = "";

  @JsonProperty private @Nullable String user;

  @JsonProperty private @Nullable String password;

  /**
   * Connections at most, of those that write in transactions and of the others; on SQLite those
   * that read, beside the one that writes.
   */
  @JsonProperty
  @Min(1)
  @Max(1000)
  private int maxConnections = 16;

  /** How long to wait for the server to accept a connection. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private Duration connectTimeout = Duration.seconds(2);

  /** How long a statement may take to answer, and to wait for a lock on SQLite. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private Duration socketTimeout = Duration.seconds(15);

  /** How long to wait for one of the connections to become free. */
  @JsonProperty
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private Duration poolTimeout = Duration.seconds(5);

  /** How often a call is tried when it meets a deadlock or loses its connection. */
  @JsonProperty
  @Min(1)
  @Max(20)
  private int tries = 4;

  /** No further try later than this after the first. */
  @JsonProperty @NotNull private Duration retryWithin = Duration.seconds(10);

  /**
   * Whether jobs that become QUEUED leave a row in the outbox. Off where the QUEUED jobs themselves
   * are read, as the one-process service does; no setting, as without it announcements get lost.
   */
  private FieldCipher cipher = FieldCipher.NONE;

  private boolean outbox = true;

  /** A database with everything else as it is by default. */
  public static DatabaseConfig of(String url, @Nullable String user, @Nullable String password) {
    DatabaseConfig config = new DatabaseConfig();
    config.url = url;
    config.user = user;
    config.password = password;
    return config;
  }

  /** The same database, encrypted. */
  public DatabaseConfig encrypted(FieldCipher with) {
    cipher = with;
    return this;
  }

  FieldCipher cipher() {
    return cipher;
  }

  /** The same database without an outbox. */
  public DatabaseConfig withoutOutbox() {
    outbox = false;
    return this;
  }

  /**
   * @throws IllegalArgumentException saying what is wrong with it, and nothing of what is in it
   */
  @JsonProperty("url")
  void setUrl(@Nullable String url) {
    if (url == null) {
      throw new IllegalArgumentException("must be a jdbc:mysql: URL");
    }
    String problem =
        Dialects.find(url)
            .map(dialect -> dialect.problem(url))
            .orElse(Optional.of("must be a jdbc:mysql: URL"))
            .orElse(null);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    this.url = url;
  }

  public String url() {
    return url;
  }

  /** Whether the database is a server, which many processes may share. */
  public boolean isServer() {
    return Dialects.find(url).map(Dialect::isServer).orElse(true);
  }

  /**
   * Where the database is: {@code host:port} of its servers, separated by commas, without user and
   * password; of SQLite the file.
   */
  public String servers() {
    return dialect().location(this);
  }

  /** The file of an SQLite database. */
  public Path file() {
    return Path.of(url.substring(SQLITE.length())).toAbsolutePath();
  }

  /** The file as a URI, in which SQLite takes no character of the path for anything else. */
  String sqliteName() {
    return "file:" + file().toUri().getRawPath();
  }

  boolean outbox() {
    return outbox;
  }

  int maxConnections() {
    return maxConnections;
  }

  int tries() {
    return tries;
  }

  java.time.Duration retryWithin() {
    return retryWithin.toJavaDuration();
  }

  java.time.Duration poolTimeout() {
    return poolTimeout.toJavaDuration();
  }

  java.time.Duration connectTimeout() {
    return connectTimeout.toJavaDuration();
  }

  java.time.Duration socketTimeout() {
    return socketTimeout.toJavaDuration();
  }

  Dialect dialect() {
    return Dialects.ofUrl(url);
  }

  /** The pool, also for Dropwizard's {@code db} commands. */
  public DataSourceFactory dataSourceFactory() {
    DataSourceFactory pool = new DataSourceFactory();
    pool.setUser(user);
    pool.setPassword(password);
    pool.setMaxWaitForConnection(poolTimeout);
    pool.setInitialSize(0);
    pool.setMinSize(0);
    pool.setMaxSize(maxConnections);
    pool.setCheckConnectionOnBorrow(true);
    pool.setValidationInterval(Duration.seconds(1));
    pool.setValidationQuery("SELECT 1");
    pool.setValidationQueryTimeout(connectTimeout);
    dialect().configure(pool, this);
    return pool;
  }

  @Override
  public String toString() {
    return "DatabaseConfig[url=%s, user=%s, password=[REDACTED]]"
        .formatted(url.replaceAll("\\?.*", "?[REDACTED]"), user);
  }
}
