package io.quikqueue.sql;

import java.util.List;
import java.util.Optional;

/** The databases that there are. */
final class Dialects {

  private static final List<Dialect> ALL = List.of(new MySqlDialect(), new SqliteDialect());

  private Dialects() {}

  static Optional<Dialect> find(String url) {
    return ALL.stream().filter(dialect -> dialect.serves(url)).findFirst();
  }

  /**
   * @throws IllegalArgumentException when it is the URL of none
   */
  static Dialect ofUrl(String url) {
    return find(url)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the database's url must start with jdbc:mysql: or jdbc:sqlite:"));
  }
}
