package io.quikqueue.servers;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real MariaDB 11.4: READ COMMITTED, utf8mb4, every commit flushed. It has a database {@code
 * quikqueue} and one user that may come over TCP, who may do everything in that database and in any
 * other whose name starts with {@code quikqueue}. The password is made once per directory and kept
 * there, readable by its owner only.
 */
public final class MariaDbServer extends Server {
  private static final String NAME = "quikqueue";
  private static final int PROTOCOL_10 = 10;
  private static final int DEFAULT_POOL_MB = 256;
  private static final Duration INSTALL_WAIT = Duration.ofMinutes(3);
  private static final int DEFAULT_LOG_MB = 48;

  private final String password;

  private MariaDbServer(ServerOptions options) throws IOException {
    super("mariadb", options);
    this.password = Secrets.passwordIn(options.dir().resolve("password"));
  }

  /**
   * Starts one and waits until it answers; {@code memoryMb} is the buffer pool and the redo log,
   * 256 and 48 when not given.
   */
  public static MariaDbServer start(ServerOptions options) {
    MariaDbServer server;
    try {
      server = new MariaDbServer(options);
    } catch (IOException e) {
      throw ServerException.because("cannot use " + options.dir(), e);
    }
    server.start();
    return server;
  }

  /** The JDBC URL of the database {@code quikqueue}. */
  public String jdbcUrl() {
    return jdbcUrl(NAME);
  }

  /**
   * The JDBC URL of a database whose name starts with {@code quikqueue}; made at the first
   * connection when missing.
   */
  public String jdbcUrl(String database) {
    if (!database.matches("quikqueue[a-z0-9_]*")) {
      throw new IllegalArgumentException(
          "database must match quikqueue[a-z0-9_]*, was " + database);
    }
    return "jdbc:mysql://%s:%d/%s?createDatabaseIfNotExist=true&sslMode=DISABLED"
        .formatted(host(), port(), database);
  }

  /** The user name. */
  public String user() {
    return NAME;
  }

  /** The user's password. */
  public String password() {
    return password;
  }

  @Override
  List<String> prepare() throws IOException {
    Path base = Binaries.mariaDb();
    if (!Files.isDirectory(data().resolve("mysql"))) {
      install(base);
    }
    Path accounts = dir().resolve("accounts.sql");
    Secrets.write(
        accounts,
        """
        CREATE DATABASE IF NOT EXISTS quikqueue;
        CREATE USER IF NOT EXISTS quikqueue@'127.0.0.1';
        SET PASSWORD FOR quikqueue@'127.0.0.1' = PASSWORD('%s');
        GRANT ALL PRIVILEGES ON `quikqueue%%`.* TO quikqueue@'127.0.0.1';
        """
            .formatted(password));
    // Of its own: a server that starts clears its temporary tables out of a shared one.
    Path temporary = Files.createDirectories(dir().resolve("tmp"));
    List<String> command = new ArrayList<>();
    // A file that reaches the process's limit is an error then, as on a full disk, not its end.
    command.addAll(List.of("/bin/sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""));
    command.add(base.resolve("bin/mariadbd").toString());
    command.addAll(common(base));
    command.addAll(
        List.of(
            "--port=" + port(),
            "--bind-address=" + host(),
            // Relative to the data directory: a long path would not fit into a socket's name.
            "--socket=mariadb.sock",
            "--init-file=" + accounts,
            "--tmpdir=" + temporary,
            "--innodb-buffer-pool-size=" + memoryMb(DEFAULT_POOL_MB) + "M",
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-buffer-pool-dump-at-shutdown=OFF",
            "--transaction-isolation=READ-COMMITTED",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_ci",
            "--performance-schema=OFF",
            "--max-connections=200",
            // Every look whether it is up counts as a failed login.
            "--max-connect-errors=1000000",
            "--max-allowed-packet=64M",
            // Else every first start makes a certificate, which takes seconds; loopback needs none.
            "--skip-ssl"));
    return command;
  }

  private List<String> common(Path base) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--basedir=" + base,
                "--datadir=" + data(),
                "--skip-name-resolve",
                "--innodb-log-file-size=" + memoryMb(DEFAULT_LOG_MB) + "M"));
    if (System.getProperty("user.name", "").equals("root")) {
      options.add("--user=root");
    }
    return options;
  }

  private void install(Path base) throws IOException {
    // What an installation that was cut short has left behind.
    deleteAll(data());
    Files.createDirectories(data());
    Path aside = dir().resolve("data.part");
    deleteAll(aside);
    List<String> command = new ArrayList<>();
    command.add("/bin/sh");
    command.add(base.resolve("scripts/mariadb-install-db").toString());
    for (String option : common(base)) {
      command.add(option.startsWith("--datadir=") ? "--datadir=" + aside : option);
    }
    command.add("--auth-root-authentication-method=socket");
    command.add("--auth-root-socket-user=" + System.getProperty("user.name"));
    command.add("--skip-test-db");
    command.add("--force");
    ChildProcess install =
        ChildProcess.start("mariadb-install-db", command, Map.of(), dir(), log());
    if (!install.await(INSTALL_WAIT)) {
      install.kill();
      throw new ServerException("mariadb-install-db took longer than a minute, see " + log());
    }
    if (install.exitCode() != 0) {
      throw new ServerException(
          "mariadb-install-db failed, see %s:%n%s".formatted(log(), install.logTail(15)));
    }
    Files.delete(data());
    Files.move(aside, data());
  }

  @Override
  boolean answers() throws IOException {
    try (Socket socket = connect()) {
      // The greeting: three bytes of length, one of sequence, then the protocol version.
      byte[] head = socket.getInputStream().readNBytes(5);
      return head.length == 5 && head[4] == PROTOCOL_10;
    }
  }
}
