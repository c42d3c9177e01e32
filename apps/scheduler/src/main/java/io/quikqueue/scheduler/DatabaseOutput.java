package io.quikqueue.scheduler;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Liquibase prints, in the words of the {@code db} commands: without its statistics, and
 * without the URL of the database, which may hold a password.
 */
final class DatabaseOutput extends FilterOutputStream {

  private static final String CHANGE_SET = "\\S+::(\\S+)::\\S+";

  /** A line that Liquibase prints, and what stands for it; empty = nothing does. */
  private record Wording(Pattern printed, String instead) {

    Wording(String printed, String instead) {
      this(Pattern.compile(printed), instead);
    }
  }

  private static final List<Wording> WORDINGS =
      List.of(
          new Wording("Running Changeset: " + CHANGE_SET, "running change set $1"),
          new Wording("Rolling Back Changeset: " + CHANGE_SET, "taking back change set $1"),
          new Wording(" +" + CHANGE_SET, "  $1"),
          new Wording(
              "(\\d+) changesets? ha(?:s|ve) not been applied to .*",
              "missing change sets: $1; `db migrate` runs them"),
          new Wording("\\S+ is up to date", "the schema is up to date"),
          new Wording(
              "Liquibase: Update has been successful.*|Database is up to date, no .*",
              "the schema is up to date"),
          new Wording("INFO: 0 changesets rolled back.*", "there is no change set to take back"),
          new Wording("Database change log locks for .*", "locks of the schema:"),
          new Wording(" - No locks", "  none"),
          new Wording("Successfully released all database change log locks .*", "no lock is held"),
          new Wording(
              "Name '\\S+' ignored for PRIMARY key\\.|(?:FILTERED CHANGE SETS|UPDATE) SUMMARY"
                  + "|(?:Run|Previously run|Filtered out|DBMS mismatch|Total change sets): +\\d+"
                  + "|-+|-- +Against: .*|\\s*",
              ""));

  private static final Pattern URL = Pattern.compile("'?\\S*jdbc:\\S*");

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String last = "";

  DatabaseOutput(OutputStream out) {
    super(out);
  }

  /** Has all that is printed from now on said in these words, until the process ends. */
  static void install() {
    PrintStream out = new PrintStream(new DatabaseOutput(System.out), true, StandardCharsets.UTF_8);
    System.setOut(out);
    Runtime.getRuntime().addShutdownHook(new Thread(out::close));
  }

  @Override
  public synchronized void write(int b) throws IOException {
    if (b == '\n') {
      say();
    } else {
      line.write(b);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      write(bytes[i]);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    say();
    super.close();
  }

  private void say() throws IOException {
    String said = worded(line.toString(StandardCharsets.UTF_8).stripTrailing());
    line.reset();
    if (!said.isEmpty() && !said.equals(last)) {
      out.write((said + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
    last = said.isEmpty() ? last : said;
  }

  private static String worded(String printed) {
    for (Wording wording : WORDINGS) {
      Matcher matcher = wording.printed().matcher(printed);
      if (matcher.matches()) {
        StringBuilder said = new StringBuilder();
        matcher.appendReplacement(said, wording.instead());
        return said.toString();
      }
    }
    return URL.matcher(printed).replaceAll("the database");
  }
}
