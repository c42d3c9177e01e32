package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quikqueue.domain.access.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may call which route, as {@code openapi.json} has it: each operation names the role that it
 * needs under {@code security}, or has an empty list there and is open to everybody. A route that
 * names neither keeps the service from starting.
 */
final class RouteRules {

  /** The name of the scheme in the document. */
  private static final String SCHEME = "apiKey";

  private final Node root = new Node();

  /** A segment of paths, and what may follow it. */
  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final Map<String, Rule> methods = new HashMap<>();
    @Nullable Node parameter;
  }

  /**
   * What a route needs.
   *
   * @param role null = no key
   */
  record Rule(@Nullable Role role) {}

  private RouteRules() {}

  /** The rules of the API's own document. */
  static RouteRules read() {
    try (InputStream document = RouteRules.class.getResourceAsStream("openapi.json")) {
      return of(new ObjectMapper().readTree(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("openapi.json is no JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rules of a document.
   *
   * @throws IllegalStateException naming a route that does not say what it needs
   */
  static RouteRules of(JsonNode document) {
    RouteRules rules = new RouteRules();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation ->
                            rules.add(
                                path.getKey(),
                                operation.getKey().toUpperCase(Locale.ROOT),
                                operation.getValue().path("security"))));
    return rules;
  }

  private void add(String path, String method, JsonNode security) {
    Node node = root;
    for (String segment : segments(path)) {
      if (segment.startsWith("{")) {
        node.parameter = node.parameter == null ? new Node() : node.parameter;
        node = node.parameter;
      } else {
        node = node.literals.computeIfAbsent(segment, _ -> new Node());
      }
    }
    node.methods.put(method, rule(path, method, security));
  }

  private static Rule rule(String path, String method, JsonNode security) {
    if (security.isArray() && security.isEmpty()) {
      return new Rule(null);
    }
    String role = security.path(0).path(SCHEME).path(0).asText();
    for (Role each : Role.values()) {
      if (Words.of(each).equals(role)) {
        return new Rule(each);
      }
    }
    throw new IllegalStateException(method + " " + path + " does not say which role it needs");
  }

  /**
   * What a request needs.
   *
   * @param method in upper case; HEAD is as GET
   * @param path as it was sent, without its query; where it is not written plainly, it is unknown
   * @return null = no path is like this; what the path does not take as a method needs a viewer
   */
  @Nullable Rule of(String method, String path) {
    List<String> segments = segments(path);
    Node node = find(root, segments, 0);
    if (node == null) {
      return null;
    }
    Rule rule = node.methods.get(method.equals("HEAD") ? "GET" : method);
    return rule == null ? new Rule(Role.VIEWER) : rule;
  }

  /** A literal comes before a parameter, as wherever paths are served. */
  private static @Nullable Node find(Node node, List<String> segments, int at) {
    if (at == segments.size()) {
      return node.methods.isEmpty() ? null : node;
    }
    String segment = segments.get(at);
    Node literal = node.literals.get(segment);
    if (literal != null) {
      Node found = find(literal, segments, at + 1);
      if (found != null) {
        return found;
      }
    }
    boolean plain = !segment.isEmpty() && !isDots(segment);
    return node.parameter == null || !plain ? null : find(node.parameter, segments, at + 1);
  }

  /** Segments that a server may take for the folder or the one above it. */
  private static boolean isDots(String segment) {
    String dots = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
    return dots.equals(".") || dots.equals("..");
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
    segments.removeFirst(); // before the first slash
    if (!segments.isEmpty() && segments.getLast().isEmpty()) {
      segments.removeLast(); // a slash at the end means nothing
    }
    return segments;
  }
}
