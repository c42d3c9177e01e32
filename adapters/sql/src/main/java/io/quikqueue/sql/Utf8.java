package io.quikqueue.sql;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Text in columns that are told apart byte by byte: databases keep it as bytes. */
final class Utf8 {

  private Utf8() {}

  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte @Nullable [] orNull(@Nullable String text) {
    return text == null ? null : of(text);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** The text of a column that has one. */
  static String text(ResultSet row, int column) throws SQLException {
    return text(row.getBytes(column));
  }
}
