package io.quikqueue.acceptance.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of config/, line by line. A setting that keeps its default is a line {@code #name: value};
 * prose has a blank after the {@code #} and stands above what it is about.
 */
record ConfigFile(String name, String text) {

  private static final Pattern SETTING =
      Pattern.compile("( *)#?([A-Za-z][A-Za-z0-9]*):(?: +(.*))?");
  private static final Pattern ITEM = Pattern.compile(" *- +(.*)");
  private static final Pattern PROSE = Pattern.compile(" *# (.*)");
  private static final Pattern COMMENTED_OUT = Pattern.compile("(?m)^( *)#(?=[A-Za-z])");
  private static final Pattern DROPWIZARD = Pattern.compile("(server|logging)(\\..*)?");

  /** A setting, or a group of them, which has no value. */
  record Line(String path, String value, String comment) {

    String group() {
      int dot = path.lastIndexOf('.');
      return dot < 0 ? "" : path.substring(0, dot);
    }
  }

  /** All settings, also those that are commented out, without the ones that are Dropwizard's. */
  List<Line> settings() {
    List<Line> settings = new ArrayList<>();
    TreeMap<Integer, String> path = new TreeMap<>();
    List<String> prose = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher setting = SETTING.matcher(line);
      Matcher item = ITEM.matcher(line);
      Matcher comment = PROSE.matcher(line);
      if (comment.matches()) {
        prose.add(comment.group(1).strip());
      } else if (setting.matches()) {
        path.tailMap(setting.group(1).length()).clear();
        path.put(setting.group(1).length(), setting.group(2));
        String value = setting.group(3) == null ? "" : setting.group(3);
        settings.add(new Line(String.join(".", path.values()), value, String.join(" ", prose)));
        prose.clear();
      } else {
        if (item.matches() && !settings.isEmpty()) {
          Line list = settings.removeLast();
          String items =
              list.value().isEmpty() ? item.group(1) : list.value() + ", " + item.group(1);
          settings.add(new Line(list.path(), items, list.comment()));
        }
        prose.clear();
      }
    }
    settings.removeIf(setting -> DROPWIZARD.matcher(setting.path()).matches());
    return settings;
  }

  /** The same with all settings in force. */
  String uncommented() {
    return COMMENTED_OUT.matcher(text).replaceAll("$1");
  }

  /** A value for each variable that has a default; an empty one leaves it at that. */
  Map<String, String> emptyVariables() {
    Map<String, String> variables = new TreeMap<>();
    Matcher names = Pattern.compile("\\$\\{([A-Z_]+):-").matcher(text);
    while (names.find()) {
      variables.put(names.group(1), "");
    }
    return variables;
  }
}
