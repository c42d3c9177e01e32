package io.quikqueue.acceptance.settings;

import io.quikqueue.acceptance.settings.ConfigFile.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** docs/settings.md, written from the files of config/. */
final class Reference {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(?::-([^${}]*))?\\}");

  private static final String HEAD =
      """
      # Settings

      Every setting of the files in [config](../config), with its default, the environment variable that the file takes it from,
      and what it means. A line `#name: value` in a file shows a default: remove the `#` to change it. A service refuses
      a setting that it does not know. Durations are written as `500ms`, `30s`, `5m`, `6h`, `7d`, sizes as `64KiB`, `1MiB`.

      `server` and `logging` are [Dropwizard's](https://www.dropwizard.io/en/stable/manual/configuration.html). The files take from
      variables where they listen: `QQ_HOST` and `QQ_PORT`, `QQ_ADMIN_HOST` and `QQ_ADMIN_PORT`. `QQ_HOME` is the folder that
      QuikQueue is installed in, `QQ_SELF` where this machine reaches the API. A variable that begins with `QQ_` and that nothing
      reads is named in the log (`event=unknown_variable`), with the one that may be meant.

      This page is generated from the files: `%s`.
      """
          .formatted(SettingsTest.WRITE);

  /** A setting as one file or several show it. */
  private record Row(Line line, List<String> files) {}

  private final Map<String, List<Row>> groups = new LinkedHashMap<>();
  private final Map<String, String> about = new LinkedHashMap<>();

  /** The page for these files; a group stands where its first setting does. */
  static String of(List<ConfigFile> files) {
    Reference reference = new Reference();
    reference.groups.put("", new ArrayList<>());
    files.forEach(reference::add);
    return reference.page();
  }

  private void add(ConfigFile file) {
    for (Line line : file.settings()) {
      if (line.value().isEmpty()) {
        about.putIfAbsent(line.path(), line.comment());
        continue;
      }
      List<Row> rows = groups.computeIfAbsent(line.group(), _ -> new ArrayList<>());
      rows.stream()
          .filter(row -> row.line().equals(line))
          .findFirst()
          .orElseGet(() -> added(rows, new Row(line, new ArrayList<>())))
          .files()
          .add(file.name());
    }
  }

  /** Puts a row behind those of the same setting, in which other files say something else. */
  private static Row added(List<Row> rows, Row row) {
    int at = rows.size();
    for (int i = 0; i < rows.size(); i++) {
      at = rows.get(i).line().path().equals(row.line().path()) ? i + 1 : at;
    }
    rows.add(at, row);
    return row;
  }

  private String page() {
    StringBuilder page = new StringBuilder(HEAD);
    groups.forEach(
        (group, rows) -> {
          page.append("\n## ").append(group.isEmpty() ? "At the top" : group).append("\n\n");
          String sentence = about.getOrDefault(group, "");
          page.append(sentence.isEmpty() ? "" : sentence + "\n\n");
          page.append(
              "| setting | default | variable | files | meaning |\n|---|---|---|---|---|\n");
          rows.forEach(row -> page.append(cells(row)));
        });
    return page.toString();
  }

  private static String cells(Row row) {
    Line line = row.line();
    String value = line.value();
    TreeSet<String> variables = new TreeSet<>();
    for (Matcher next = VARIABLE.matcher(value); next.find(); next = VARIABLE.matcher(value)) {
      if (next.group(2) != null) {
        variables.add("`" + next.group(1) + "`");
      }
      String otherwise = next.group(2) == null ? next.group(1) : next.group(2);
      value = value.substring(0, next.start()) + otherwise + value.substring(next.end());
    }
    String shown = value.replaceAll("^\\[|]$|^\\{}$|\"|, $", "");
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(
            line.path(),
            shown.isEmpty() ? "none" : "`" + shown + "`",
            String.join(", ", variables),
            row.files().stream().map(Reference::service).collect(Collectors.joining(", ")),
            line.comment().replace("|", "\\|"));
  }

  private static String service(String file) {
    return file.replace(".yml", "");
  }
}
