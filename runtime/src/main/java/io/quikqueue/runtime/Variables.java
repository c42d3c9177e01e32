package io.quikqueue.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of variables into a configuration after it was parsed: no value can become YAML,
 * whatever characters it has. <code>${NAME:-DEFAULT}</code> is the value of NAME, or the default
 * when NAME is not set or empty; a default may name variables too. <code>$${</code> stands for
 * <code>${</code>. In a list, an entry that is nothing but a variable becomes one entry for each of
 * the comma-separated parts of its value, none when that is blank.
 */
final class Variables {

  /** Where the values come from. */
  interface Source {
    @Nullable String get(String name);
  }

  private static final Pattern REFERENCE =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);

  private final Source source;
  private final Map<String, String> origins = new HashMap<>();

  Variables(Source source) {
    this.source = source;
  }

  /**
   * Replaces the variables in all texts of a tree.
   *
   * @throws SetupException naming a variable that has neither value nor default
   */
  void substitute(JsonNode tree) {
    substitute(tree, "");
  }

  /**
   * The variable that the text at this path began with, as in {@code server.connector.port}, or
   * that the list there has as an entry.
   */
  @Nullable String origin(String path) {
    return origins.get(path);
  }

  private void substitute(JsonNode node, String path) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        String inner = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
        if (entry.getValue() instanceof TextNode text) {
          entry.setValue(TextNode.valueOf(resolve(text.textValue(), inner)));
        } else {
          substitute(entry.getValue(), inner);
        }
      }
    } else if (node instanceof ArrayNode array) {
      List<JsonNode> entries = new ArrayList<>();
      for (JsonNode entry : array) {
        String inner = path + "[" + entries.size() + "]";
        if (!(entry instanceof TextNode text)) {
          substitute(entry, inner);
          entries.add(entry);
        } else {
          String value = resolve(text.textValue(), inner);
          if (isOneReference(text.textValue())) {
            origins.putIfAbsent(path, origins.get(inner));
            Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .forEach(part -> entries.add(TextNode.valueOf(part)));
          } else {
            entries.add(TextNode.valueOf(value));
          }
        }
      }
      array.removeAll().addAll(entries);
    }
  }

  private String resolve(String text, String path) {
    StringBuilder resolved = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$${", at)) {
        resolved.append("${");
        at += 3;
      } else if (text.startsWith("${", at)) {
        int end = end(text, at);
        if (end < 0) {
          throw new SetupException(path + ": a } is missing after ${");
        }
        resolved.append(value(text.substring(at + 2, end), path));
        at = end + 1;
      } else {
        resolved.append(text.charAt(at++));
      }
    }
    return resolved.toString();
  }

  private String value(String reference, String path) {
    Matcher parts = REFERENCE.matcher(reference);
    if (!parts.matches()) {
      throw new SetupException(path + ": ${...} must hold NAME or NAME:-DEFAULT");
    }
    String name = parts.group(1);
    origins.putIfAbsent(path, name);
    String value = source.get(name);
    if (value != null && !value.isEmpty()) {
      return value;
    }
    String otherwise = parts.group(2);
    if (otherwise == null) {
      throw new SetupException(path + ": the variable " + name + " is not set");
    }
    return resolve(otherwise, path);
  }

  private static boolean isOneReference(String text) {
    return text.startsWith("${") && end(text, 0) == text.length() - 1;
  }

  /** The brace that closes the one at this place, over those within; -1 when there is none. */
  private static int end(String text, int start) {
    int depth = 0;
    for (int at = start; at < text.length(); at++) {
      if (text.startsWith("${", at)) {
        depth++;
        at++;
      } else if (text.charAt(at) == '}' && --depth == 0) {
        return at;
      }
    }
    return -1;
  }
}
