package io.quikqueue.acceptance.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quikqueue.runtime.SetupException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A wrong value of a variable is refused when the file is read, and the variable is named. */
class WrongVariablesTest {

  private static final List<String> HOSTS =
      List.of(" ", "a b", "host:80", "[::1", "/x", "a,b", "ä");
  private static final List<String> PORTS =
      List.of(" ", "null", "abc", "-1", "65536", "1e3", "9".repeat(30));

  private static final Map<String, List<String>> WRONG =
      Map.ofEntries(
          Map.entry("QQ_HOST", HOSTS),
          Map.entry("QQ_PORT", PORTS),
          Map.entry("QQ_ADMIN_HOST", HOSTS),
          Map.entry("QQ_ADMIN_PORT", PORTS),
          Map.entry("QQ_HOSTS", List.of("http://foo", "a b", "a.example:80", "x,-y")),
          Map.entry("QQ_SUBMIT_TYPE", List.of(".x", "a b")),
          Map.entry(
              "QQ_SUBMIT_URL",
              List.of("ftp://x/", "/echo", "http://", "http://h:99999/", "https://[::1]:0?q")),
          Map.entry(
              "QQ_DB_URL",
              List.of(
                  " ", "mysql://h/d", "jdbc:mysql://", "jdbc:mysql://h", "jdbc:mysql://h:99999/d")),
          Map.entry(
              "QQ_KAFKA",
              List.of(
                  " ",
                  "127.0.0.1",
                  "127.0.0.1:70000",
                  "h:0",
                  "[::1",
                  "::1",
                  ":9092",
                  "h:1,",
                  "a b:1")),
          Map.entry(
              "QQ_REDIS",
              List.of(
                  " ",
                  "127.0.0.1:6379",
                  "http://h",
                  "redis://",
                  "redis://h:99999/0",
                  "redis://h:0/0",
                  "redis://h/-1",
                  "redis://h/x")),
          Map.entry("QQ_HIGH_WATER", List.of(" ", "0", "-1", "many", "1.5", "9".repeat(30))),
          Map.entry("QQ_RETENTION", List.of(" ", "7", "-5d", "soon", "9".repeat(30) + "d")),
          Map.entry("QQ_SLOTS", List.of(" ", "0", "-1", "many", "1.5", "9".repeat(30))),
          Map.entry("QQ_QUEUE_SHARE", List.of(" ", "0", "1.1", "-1", "half", "NaN")),
          Map.entry("QQ_LEASE", List.of(" ", "30", "0s", "-5s", "soon")),
          Map.entry("QQ_DRAIN", List.of(" ", "15", "-1s", "soon")),
          Map.entry("QQ_MAX_RESULT", List.of(" ", "0B", "9MiB", "-1MiB", "much")),
          Map.entry(
              "QQ_ALLOW", List.of("x", "http://", "10.0.0.0/33", "h:0", "h:70000", "10.0.0.0/8,y")),
          Map.entry("QQ_SIGNING_KEY_FILE", List.of("/no/such/file", "/")),
          Map.entry("QQ_SCHEDULES", List.of("/no/such/folder", "/etc/hostname")),
          Map.entry("QQ_ACCESS", List.of("closed", "1", "open;keys")),
          Map.entry("QQ_ADMIN_KEY_FILE", List.of("/no/such/file", "/")),
          Map.entry("QQ_ENCRYPTION_KEY_FILE", List.of("/no/such/file", "/")));

  /** Any text may be right: names, passwords, paths of folders. */
  private static final Set<String> ANYTHING =
      Set.of("QQ_DB_USER", "QQ_DB_PASSWORD", "QQ_PLUGINS", "QQ_DATA", "QQ_HOME", "QQ_SELF");

  @ParameterizedTest
  @EnumSource
  void isNamed(Service service) throws IOException {
    ConfigFile file = service.file();
    Set<String> variables = new TreeSet<>(file.emptyVariables().keySet());
    if (variables.contains("QQ_ALLOW")) { // and so the address of the api
      variables.addAll(Set.of("QQ_HOST", "QQ_PORT"));
    }
    variables.removeAll(ANYTHING);
    assertThat(variables).isNotEmpty().isSubsetOf(WRONG.keySet());

    for (String variable : variables) {
      for (String value : WRONG.get(variable)) {
        refused(service, file, variable, value);
      }
    }
  }

  /** A worker has no port of its own for the API, but has to know the api's. */
  @ParameterizedTest
  @EnumSource(names = {"WORKER", "STANDALONE", "API"})
  void noPortIsAnyPortWhereTheApiHasToBeReached(Service service) throws IOException {
    refused(service, service.file(), "QQ_PORT", "0");
  }

  private static void refused(Service service, ConfigFile file, String variable, String value) {
    Throwable refusal = catchThrowable(() -> service.read(file, Map.of(variable, value)));

    assertThat(refusal)
        .as("%s=%s for %s", variable, value, service)
        .isInstanceOf(SetupException.class);
    assertThat(refusal.getMessage().lines())
        .as("%s=%s for %s", variable, value, service)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith(file.name() + ": ")
                    .contains(variable)
                    .hasSizeLessThan(2_000)
                    .doesNotContainPattern("\\p{Cc}"));
  }
}
