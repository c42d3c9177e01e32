package io.quikqueue.scheduler;

import io.quikqueue.runtime.Printable;
import io.quikqueue.runtime.UsageException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands for the database schema: Liquibase has more, and some of them delete everything. */
final class DatabaseCommand {

  private static final List<String> KNOWN = List.of("status", "migrate", "rollback", "locks");

  private static final String CONSENT = "--yes";

  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,8}");

  private DatabaseCommand() {}

  /**
   * Refuses words that are not {@code db COMMAND [OPTIONS] CONFIG.yml} with a command for users,
   * and a rollback that nobody has agreed to.
   *
   * @return the words, without those that Liquibase does not know
   * @throws UsageException saying what is wrong
   */
  static List<String> checked(List<String> words) {
    String commands = String.join(", ", KNOWN);
    if (words.size() < 2 || words.get(1).startsWith("-")) {
      throw new UsageException("db needs a command: " + commands);
    }
    if (!KNOWN.contains(words.get(1))) {
      throw new UsageException(
          "db has no command %s; it has %s".formatted(Printable.of(words.get(1)), commands));
    }
    if (words.size() < 3 || words.getLast().startsWith("-")) {
      throw new UsageException("db " + words.get(1) + " needs a configuration file at its end");
    }
    switch (words.get(1)) {
      case "rollback" -> {
        requireOne(
            words, "-c N, how many change sets", "-c", "--count", "-t", "--tag", "-d", "--date");
        requireCounts(words);
        requireConsent(words);
      }
      case "locks" ->
          requireOne(words, "-l (list) or -r (release)", "-l", "--list", "-r", "--release");
      default -> {}
    }
    return words.stream().filter(word -> !word.equals(CONSENT)).toList();
  }

  private static void requireConsent(List<String> words) {
    if (!words.contains(CONSENT) && !words.contains("--dry-run") && !words.contains("-n")) {
      throw new UsageException(
          "db rollback deletes what is in the tables and columns that it takes back, jobs among it;"
              + " --dry-run shows what it would do, --yes does it");
    }
  }

  private static void requireCounts(List<String> words) {
    for (int i = 2; i < words.size(); i++) {
      String word = words.get(i);
      String count =
          word.equals("-c") || word.equals("--count")
              ? words.get(i + 1) // the last word is the configuration file
              : word.startsWith("--count=")
                  ? word.substring("--count=".length())
                  : word.startsWith("-c") ? word.substring("-c".length()) : "1";
      if (!COUNT.matcher(count).matches()) {
        throw new UsageException(
            "db rollback -c needs a whole number from 1 on, not " + Printable.of(count));
      }
    }
  }

  private static void requireOne(List<String> words, String wanted, String... options) {
    if (words.stream().noneMatch(word -> Stream.of(options).anyMatch(word::startsWith))) {
      throw new UsageException("db " + words.get(1) + " needs " + wanted);
    }
  }
}
