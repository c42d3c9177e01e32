package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quikqueue.domain.access.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may call which route, as {@code openapi.json} has it: each operation names the role that it
 * needs under {@code security}, or has an empty list there and is open to everybody. One that needs
 * a role also says under {@code x-scope} how it keeps to the scope of a key. A route that does not
 * say these keeps the service from starting, and so does one that changes something and has no name
 * for the {@linkplain AuditRule audit log}.
 */
final class RouteRules {

  /** The name of the scheme in the document. */
  private static final String SCHEME = "apiKey";

  /** Ids of workers, which their programs choose. */
  private static final String WITH_SLASHES = "/v1/workers/{";

  private final Node root = new Node();

  /** A segment of paths, and what may follow it. */
  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final Map<String, Rule> methods = new HashMap<>();
    @Nullable Node parameter;

    /** Whether the parameter may have slashes. */
    boolean many;
  }

  /**
   * What a route needs.
   *
   * @param role null = no key
   * @param parameter which segment of the path is its first parameter; -1 = it has none
   */
  record Rule(@Nullable Role role, ScopeRule scope, int parameter, AuditRule audit) {

    /**
     * The first parameter of a path of the route, as it was sent; empty where it has none.
     *
     * @param path without its query and matrix parameters
     */
    String parameterOf(String path) {
      return parameter < 0 ? "" : segments(path).get(parameter);
    }
  }

  private RouteRules() {}

  /** The rules of the API's own document. */
  static RouteRules read() {
    InputStream document =
        Objects.requireNonNull(RouteRules.class.getResourceAsStream("openapi.json"));
    try (JsonParser json = Json.FACTORY.createParser(document)) {
      return of(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rules of a document.
   *
   * @throws IllegalStateException naming a route that does not say what it needs
   */
  static RouteRules of(JsonParser json) throws IOException {
    RouteRules rules = new RouteRules();
    json.nextToken();
    fields(
        json,
        part -> {
          if (part.equals("paths")) {
            fields(json, path -> fields(json, method -> rules.operation(json, path, method)));
          } else {
            json.skipChildren();
          }
        });
    return rules;
  }

  /** Reads the value of a field, which the parser is at. */
  @FunctionalInterface
  private interface Field {
    void read(String name) throws IOException;
  }

  private static void fields(JsonParser json, Field each) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      each.read(name);
    }
  }

  private void operation(JsonParser json, String path, String method) throws IOException {
    List<Need> found = new ArrayList<>(1);
    List<ScopeRule> scopes = new ArrayList<>(1);
    Map<String, String> texts = new HashMap<>();
    fields(
        json,
        field -> {
          switch (field) {
            case "operationId", "x-unaudited" -> texts.put(field, json.getText());
            case "security" -> Optional.ofNullable(need(json)).ifPresent(found::add);
            case "x-scope" ->
                Optional.ofNullable(Words.find(ScopeRule.class, json.getText()))
                    .ifPresent(scopes::add);
            default -> json.skipChildren();
          }
        });
    String verb = method.toUpperCase(Locale.ROOT);
    String route = verb + " " + path;
    if (found.size() != 1) {
      throw new IllegalStateException(route + " does not say which role it needs (security)");
    }
    Role role = found.getFirst().role();
    int parameter = parameter(path);
    if (scopes.size() != (role == null ? 0 : 1)
        || (parameter < 0 && scopes.stream().anyMatch(ScopeRule::needsParameter))) {
      throw new IllegalStateException(
          route + " does not say how it keeps to the scope of a key (x-scope, see ScopeRule)");
    }
    ScopeRule scope = scopes.isEmpty() ? ScopeRule.NOTHING : scopes.getFirst();
    AuditRule audit =
        AuditRule.of(verb, segments(path), texts.get("operationId"), texts.get("x-unaudited"));
    add(path, verb, new Rule(role, scope, parameter, audit));
  }

  private static int parameter(String path) {
    List<String> segments = segments(path);
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i).startsWith("{")) {
        return i;
      }
    }
    return -1;
  }

  /**
   * What the document asks of a caller.
   *
   * @param role null = no key
   */
  private record Need(@Nullable Role role) {}

  /** Reads {@code []} or {@code [{"apiKey": ["viewer"]}]}; null = it is neither. */
  private static @Nullable Need need(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return null;
    }
    JsonToken token = json.nextToken();
    if (token == JsonToken.END_ARRAY) {
      return new Need(null);
    }
    List<String> words = new ArrayList<>(); // all that stands there, which is one scheme and role
    int depth = 1 + step(token);
    while (depth > 0) {
      token = json.nextToken();
      depth += step(token);
      if (token.isScalarValue() || token == JsonToken.FIELD_NAME) {
        words.add(json.getText());
      }
    }
    Role role =
        words.size() == 2 && words.getFirst().equals(SCHEME)
            ? Words.find(Role.class, words.getLast())
            : null;
    return role == null ? null : new Need(role);
  }

  private static int step(JsonToken token) {
    return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
  }

  private void add(String path, String method, Rule rule) {
    Node node = root;
    for (String segment : segments(path)) {
      if (segment.startsWith("{")) {
        node.parameter = node.parameter == null ? new Node() : node.parameter;
        node.many = path.startsWith(WITH_SLASHES);
        node = node.parameter;
      } else {
        node = node.literals.computeIfAbsent(segment, _ -> new Node());
      }
    }
    node.methods.put(method, rule);
  }

  /** What the methods of a path need. */
  record Route(Map<String, Rule> methods) {

    /**
     * What a method needs.
     *
     * @param method in upper case; HEAD is as GET, and OPTIONS says to every viewer what there is
     * @return null = the path does not take it
     */
    @Nullable Rule rule(String method) {
      return switch (method) {
        case "HEAD" -> methods.get("GET");
        case "OPTIONS" -> new Rule(Role.VIEWER, ScopeRule.NOTHING, -1, AuditRule.NONE);
        default -> methods.get(method);
      };
    }

    /** What the path takes, for the header Allow. */
    String allow() {
      Set<String> names = new TreeSet<>(methods.keySet());
      names.add("OPTIONS");
      if (names.contains("GET")) {
        names.add("HEAD");
      }
      return String.join(",", names);
    }
  }

  /**
   * The route of a path.
   *
   * @param path as it was sent, without its query and matrix parameters; where it is not written
   *     plainly, it is unknown
   * @return null = no path is like this
   */
  @Nullable Route of(String path) {
    Node node = find(root, segments(path), 0);
    return node == null ? null : new Route(node.methods);
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
    Node parameter = node.parameter;
    if (parameter == null || !isPlain(segment)) {
      return null;
    }
    Node found = find(parameter, segments, at + 1);
    // an id with a slash, as workers may have: the rest of the path, or up to the last literal
    return found == null && node.many && at + 1 < segments.size()
        ? find(node, segments, at + 1)
        : found;
  }

  private static boolean isPlain(String segment) {
    return !segment.isEmpty() && !isDots(segment);
  }

  /** Segments that a server may take for the folder or the one above it. */
  private static boolean isDots(String segment) {
    String dots = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
    return dots.equals(".") || dots.equals("..");
  }

  /** The parts of a path. */
  static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
    segments.removeFirst(); // before the first slash
    if (!segments.isEmpty() && segments.getLast().isEmpty()) {
      segments.removeLast(); // a slash at the end means nothing
    }
    return segments;
  }
}
