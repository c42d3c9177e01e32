package io.quikqueue.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.glassfish.jersey.server.model.Resource;

/** Operations as the OpenAPI document has them, such as {@code "get /results/{id}"}. */
final class ServedRoutes {

  private ServedRoutes() {}

  /** Those that the document describes. */
  static Set<String> described(JsonNode document) {
    return operations(document).keySet();
  }

  /** What the document says of each. */
  static Map<String, JsonNode> operations(JsonNode document) {
    Map<String, JsonNode> operations = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.put(method.getKey() + " " + path.getKey(), method.getValue());
      }
    }
    return operations;
  }

  /** Those that are served without Jersey. */
  static Set<String> hot(Environment environment) {
    return door(environment)
        .hotRoutes()
        .operations()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What all of them are behind. */
  static FrontDoor door(Environment environment) {
    return (FrontDoor)
        environment.getApplicationContext().getServletHandler().getFilter("front-door").getFilter();
  }

  /** Those that are served by Jersey. */
  static Set<String> ofJersey(Environment environment) {
    Set<String> served = new TreeSet<>();
    for (Class<?> component : environment.jersey().getResourceConfig().getClasses()) {
      if (component.isAnnotationPresent(Path.class)) {
        collect(Resource.from(component), "", served);
      }
    }
    return served;
  }

  /** The paths of operations. */
  static Set<String> paths(Set<String> operations) {
    return operations.stream()
        .map(operation -> operation.substring(operation.indexOf(' ') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void collect(Resource resource, String parent, Set<String> served) {
    String path =
        (parent + "/" + resource.getPath())
            .replaceAll("\\{(\\w+):[^}]*}", "{$1}")
            .replaceAll("/+", "/");
    String trimmed =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    resource
        .getResourceMethods()
        .forEach(
            method -> served.add(method.getHttpMethod().toLowerCase(Locale.ROOT) + " " + trimmed));
    resource.getChildResources().forEach(child -> collect(child, path, served));
  }
}
