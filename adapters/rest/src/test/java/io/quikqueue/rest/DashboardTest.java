package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.usecase.find.WaitCheck;
import io.quikqueue.rest.Http.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardTest extends ApiTest {

  private static final Path FOLDER =
      Path.of("src", "main", "resources", "io", "quikqueue", "rest", "ui");
  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

  @Test
  void isForBrowsersAndTheJsonForPrograms() {
    Answer page = http.get("/", "accept", BROWSER);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("content-type")).isEqualToIgnoringCase("text/html;charset=utf-8");
    assertThat(page.header("cache-control")).isEqualTo("no-cache");
    assertThat(page.header("content-security-policy"))
        .isEqualTo(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; base-uri 'none'; form-action 'self';"
                + " frame-ancestors 'none'");
    String tag = page.header("etag");
    assertThat(http.get("/", "accept", BROWSER, "if-none-match", tag).status()).isEqualTo(304);
    assertThat(http.get("/", "accept", "*/*").string("name")).isEqualTo("QuikQueue");
    assertThat(http.get("/", "accept", "application/json").string("docs")).isEqualTo("/docs");
    assertThat(http.get("/", "accept", "image/png").status()).isEqualTo(406);
  }

  @Test
  void servesWhatThePageNamesAndEachImportOfIt() {
    Set<String> named = links(page());
    assertThat(named).hasSizeGreaterThan(30);

    for (String path : named) {
      Answer file = http.get(path);
      assertThat(file.status()).as(path).isEqualTo(200);
      assertThat(file.header("cache-control")).contains("immutable");
      assertThat(file.header("x-content-type-options")).isEqualTo("nosniff");
      for (String wanted : imports(file.text())) {
        assertThat(wanted).as("%s imports %s", path, wanted).startsWith(".");
        String resolved = Path.of(path).getParent().resolve(wanted).normalize().toString();
        assertThat(http.get(resolved).status()).as(resolved).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ui/0/shell/main.js", "/ui/0/lib/preact.mjs"})
  void doesNotServeAnotherVersion(String path) {
    assertProblem(http.get(path), 404, "not-found");
  }

  @Test
  void doesNotServeWhatIsNoFileOfIt() {
    String version = version();

    assertProblem(http.get("/ui/" + version + "/shell/none.js"), 404, "not-found");
    assertProblem(http.get("/ui/" + version + "/../openapi.json"), 404, "not-found");
  }

  @Test
  void listsEachFileOfTheFolder() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      assertThat(Files.readAllLines(FOLDER.resolve("files.txt")))
          .containsExactlyElementsOf(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> FOLDER.relativize(file).toString())
                  .filter(name -> name.contains("/"))
                  .sorted()
                  .toList());
    }
  }

  @Test
  void needsLittleForTheFirstView() {
    Set<String> needed = links(page());
    needed.add("/ui/" + version() + "/lang/en.js");

    int bytes = needed.stream().mapToInt(path -> gzipped(http.get(path).text())).sum();

    assertThat(bytes).isBetween(10_000, 150_000);
  }

  @Test
  void saysTheSameInEachLanguage() throws IOException {
    assertThat(texts("ko")).containsExactlyElementsOf(texts("en")).hasSizeGreaterThan(100);
  }

  @Test
  void hasEachTextThatItShows() throws IOException {
    List<String> texts = texts("en");
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".js")).toList()) {
        assertThat(found("\\bt\\(\"(\\w+)\"", Files.readString(file)))
            .as(file.toString())
            .isSubsetOf(texts);
      }
    }
  }

  @Test
  void hasATextForEachCheckOfAJobThatWaits() throws IOException {
    List<String> checks =
        Stream.of(WaitCheck.Code.values()).map(code -> "check_" + code.label()).toList();

    assertThat(texts("en")).containsAll(checks);
  }

  private String page() {
    return http.get("/", "accept", BROWSER).text();
  }

  private String version() {
    return found("/ui/(\\w+)/", page()).getFirst();
  }

  private static Set<String> links(String page) {
    return new TreeSet<>(found("(?:src|href)=\"(/ui/[^\"]*)\"", page));
  }

  private static List<String> imports(String script) {
    return found("(?:from|import\\()\\s*\"([^\"]+)\"", script);
  }

  /** The names of the texts of a language, in the order of its file. */
  private static List<String> texts(String language) throws IOException {
    String source = Files.readString(FOLDER.resolve("lang/" + language + ".js"));
    return found("(?<=[\\s,{])(\\w+): \"", source);
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toList());
  }

  private static int gzipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.size();
  }
}
