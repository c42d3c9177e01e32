package io.quikqueue.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command takes: where the service is, the key, and how answers are shown. */
final class Common {

  /** How an answer is shown. */
  enum Format {
    TABLE,
    JSON,
    YAML
  }

  private static final ObjectMapper YAML =
      YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:QQ_URL:-http://127.0.0.1:8000}",
      description = "where the service is (QQ_URL; ${DEFAULT-VALUE})")
  private URI url = URI.create("http://127.0.0.1:8000");

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      defaultValue = "${env:QQ_KEY_FILE}",
      description = "the file with the key to send, where access asks for one (QQ_KEY_FILE)")
  private @Nullable Path keyFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json|yaml",
      defaultValue = "table",
      description = "how answers are shown (${DEFAULT-VALUE})")
  private Format format = Format.TABLE;

  Service service() {
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw misused("--url must be like http://127.0.0.1:8000, not " + url);
    }
    return new Service(url, key());
  }

  private @Nullable String key() {
    Path file = keyFile;
    if (file == null) {
      return null;
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw misused("the key cannot be read from " + file);
    }
  }

  ParameterException misused(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    CommandSpec of = spec;
    if (of == null) {
      throw new IllegalStateException("not part of a command");
    }
    return of.commandLine();
  }

  PrintWriter out() {
    return commandLine().getOut();
  }

  /** Whether people read it; otherwise the whole answer is shown. */
  boolean isText() {
    return format == Format.TABLE;
  }

  /** Shows a list as a table with these columns, each {@code HEAD=/pointer}. */
  void rows(JsonNode answer, String list, String... columns) {
    if (!isText()) {
      show(answer);
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(new ArrayList<>());
    for (String column : columns) {
      rows.getFirst().add(column.substring(0, column.indexOf('=')));
    }
    for (JsonNode item : answer.path(list)) {
      List<String> row = new ArrayList<>();
      for (String column : columns) {
        row.add(Text.of(item.at(column.substring(column.indexOf('=') + 1))));
      }
      rows.add(row);
    }
    Table.print(out(), rows);
    JsonNode next = answer.path("next");
    if (next.isTextual()) {
      out().println("… more with --after " + Text.of(next));
    }
  }

  /**
   * Shows these fields of an object, one a line, each {@code name=/pointer}; empty ones are left
   * out.
   */
  void fields(JsonNode answer, String... fields) {
    if (!isText()) {
      show(answer);
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (String field : fields) {
      String value = Text.of(answer.at(field.substring(field.indexOf('=') + 1)));
      if (!value.isEmpty()) {
        rows.add(List.of(field.substring(0, field.indexOf('=')), value));
      }
    }
    Table.print(out(), rows);
  }

  /** Shows what was done, or the answer. */
  void done(JsonNode answer, String text) {
    if (isText()) {
      out().println(Text.safe(text));
    } else {
      show(answer);
    }
  }

  /** Shows the whole answer as JSON or YAML. */
  void show(JsonNode answer) {
    try {
      String text =
          format == Format.YAML ? YAML.writeValueAsString(answer) : answer.toPrettyString();
      out().println(Text.escaped(text.strip()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // every tree can be written
    }
  }
}
