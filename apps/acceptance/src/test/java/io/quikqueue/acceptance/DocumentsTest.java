package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.usecase.find.WaitCheck;
import io.quikqueue.handler.Handler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents name is there: files, headings, commands, variables and tests. */
final class DocumentsTest {

  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ +(.+)$", Pattern.MULTILINE);

  private record Document(Path file, String text) {

    List<String> all(String pattern) {
      return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** Where its headings can be linked to. */
    Set<String> anchors() {
      return HEADING
          .matcher(text)
          .results()
          .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
          .map(heading -> heading.replaceAll("[^\\p{L}\\d_ -]", "").replace(' ', '-'))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Document document : documents()) {
      LINK.matcher(document.text())
          .results()
          .map(link -> link.group(1))
          .filter(link -> !link.startsWith("http"))
          .filter(link -> !leadsSomewhere(document, link))
          .map(link -> document.file() + ": " + link)
          .forEach(dead::add);
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void everyCommandIsOneOfTheLauncher() throws IOException {
    String launcher = Files.readString(ROOT.resolve("quikqueue"));
    for (Document document : documents()) {
      assertThat(document.all("\\./quikqueue ([a-z]+)"))
          .as(document.file().toString())
          .allSatisfy(
              command ->
                  assertThat(launcher)
                      .containsPattern("(?m)^  (?:\\w+ \\| )*" + command + "(?: \\| [-\\w]+)*\\)"));
    }
  }

  @Test
  void everyVariableIsRead() throws IOException {
    StringBuilder readers = new StringBuilder(Files.readString(ROOT.resolve("quikqueue")));
    try (Stream<Path> files = Files.list(ROOT.resolve("config"))) {
      files.forEach(file -> readers.append(read(file)));
    }
    readers.append(read(ROOT.resolve("bench/src/main/java/io/quikqueue/bench/BenchOptions.java")));
    readers.append(read(ROOT.resolve("apps/cli/src/main/java/io/quikqueue/cli/Common.java")));
    for (Document document : documents()) {
      assertThat(document.all("\\b(QQ_[A-Z_]*[A-Z])\\b"))
          .as(document.file().toString())
          .allSatisfy(variable -> assertThat(readers).contains(variable));
    }
  }

  /** Docker is not everywhere where the tests run: what containers are given is read here. */
  @Test
  void containersAreGivenVariablesAndFilesThatAreThere() throws IOException {
    StringBuilder readers = new StringBuilder();
    try (Stream<Path> files = Files.list(ROOT.resolve("config"))) {
      files.forEach(file -> readers.append(read(file)));
    }
    Document compose = document(Path.of("docker-compose.yml"));
    assertThat(compose.all("(?m)^ +(QQ_[A-Z_]+):"))
        .contains("QQ_DB_URL", "QQ_ADMIN_PORT")
        .allSatisfy(variable -> assertThat(readers).contains("${" + variable));
    assertThat(compose.all("\\[\"(\\w+)\", (?:\"\\w+\", )?\"config/"))
        .containsExactly("db", "api", "consumer", "worker", "scheduler");
    for (String service : List.of("api", "consumer", "worker", "scheduler")) {
      String port =
          only(read(ROOT.resolve("config/" + service + ".yml")), "QQ_ADMIN_PORT:-(\\d+)}");
      assertThat(compose.text())
          .as("its admin port is the one that its file has")
          .containsPattern(
              "\"config/" + service + ".yml\"]\n(?s:[^\\[]*?)QQ_ADMIN_PORT: \"" + port + "\"");
    }
    assertThat(document(Path.of("Dockerfile")).all("COPY --from=build /quikqueue/(\\S+) "))
        .contains("quikqueue", "config", "schedules")
        .filteredOn(file -> !file.startsWith(".build/"))
        .allSatisfy(file -> assertThat(ROOT.resolve(file)).exists());
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    Set<String> tests;
    try (Stream<Path> files = Files.walk(ROOT)) {
      tests =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Test.java"))
              .map(name -> name.replace(".java", ""))
              .collect(Collectors.toSet());
    }
    for (Document document : documents()) {
      assertThat(tests)
          .as(document.file().toString())
          .containsAll(document.all("`([A-Z]\\w+Test)`"));
    }
  }

  @Test
  void everyCheckOfAJobThatWaitsIsInTheDocuments() throws IOException {
    String jobs = read(ROOT.resolve("docs/jobs.md"));
    String openApi =
        read(ROOT.resolve("adapters/rest/src/main/resources/io/quikqueue/rest/openapi.json"));

    assertThat(WaitCheck.Code.values())
        .allSatisfy(
            check -> {
              assertThat(jobs).containsPattern("\\| [^|]*`" + check.label() + "`[^|]* \\|");
              assertThat(openApi).containsPattern(" \"" + check.label() + "\",?\n");
            });
  }

  @Test
  void everyRequestIsInTheDocuments() throws IOException {
    String requests = read(ROOT.resolve("docs/http-api.md"));
    String openApi =
        read(ROOT.resolve("adapters/rest/src/main/resources/io/quikqueue/rest/openapi.json"));
    List<String> paths =
        Pattern.compile("^    \"(/[^\" ]*)\": \\{$", Pattern.MULTILINE)
            .matcher(openApi)
            .results()
            .map(path -> path.group(1))
            .filter(path -> !path.endsWith("/{file}"))
            .toList();

    assertThat(paths).hasSizeGreaterThan(60).contains("/submit", "/v1/jobs/{id}", "/openapi.json");
    assertThat(paths)
        .allSatisfy(
            path ->
                assertThat(requests)
                    .containsPattern("[` ]" + Pattern.quote(path) + "(\\?[^`]*)?`"));
  }

  @Test
  void theHandlerOfTheReadmeCompilesAndRuns(@TempDir Path folder) throws Exception {
    String handler = only(read(ROOT.resolve("README.md")), "```java\n(public .*?)```");
    Path source = folder.resolve("GreetingHandler.java");
    Files.writeString(source, "import io.quikqueue.handler.*;\n" + handler);
    StringWriter said = new StringWriter();
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("--release", "17", "-proc:none", "-d", folder.toString());
      assertThat(
              javac
                  .getTask(said, files, null, options, null, files.getJavaFileObjects(source))
                  .call())
          .as(said.toString())
          .isTrue();
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Object made = loader.loadClass("GreetingHandler").getConstructor().newInstance();
      assertThat(((Handler<?>) made).type()).isEqualTo("greet");
    }
  }

  /** Else what is too much is not shown. */
  @Test
  void everyRowOfATableIsAsLongAsItsHead() throws IOException {
    List<String> uneven = new ArrayList<>();
    for (Document document : documents()) {
      int columns = 0;
      for (String line : document.text().lines().toList()) {
        int cells = line.startsWith("|") ? line.replace("\\|", "").split("\\|", -1).length : 0;
        if (columns > 0 && cells > 0 && cells != columns) {
          uneven.add(document.file() + ": " + line);
        }
        columns = cells == 0 ? 0 : columns == 0 ? cells : columns;
      }
    }
    assertThat(uneven).isEmpty();
  }

  private static boolean leadsSomewhere(Document from, String link) {
    String[] parts = link.split("#", 2);
    Path target =
        parts[0].isEmpty() ? from.file() : from.file().resolveSibling(parts[0]).normalize();
    if (!Files.exists(ROOT.resolve(target))) {
      return false;
    }
    return parts.length == 1 || document(target).anchors().contains(parts[1]);
  }

  private static String only(String text, String pattern) {
    List<String> found =
        Pattern.compile(pattern, Pattern.DOTALL)
            .matcher(text)
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static List<Document> documents() throws IOException {
    List<Document> documents = new ArrayList<>();
    for (String folder : List.of("", "docs", "docs/adr", "examples/greeting-plugin")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".md"))
            .map(file -> document(ROOT.relativize(file)))
            .forEach(documents::add);
      }
    }
    documents.add(document(Path.of("examples/python-worker/README.md")));
    return documents;
  }

  private static Document document(Path file) {
    return new Document(file, read(ROOT.resolve(file)));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
