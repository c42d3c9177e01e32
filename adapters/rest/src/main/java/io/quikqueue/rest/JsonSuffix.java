package io.quikqueue.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes {@code application/vnd.example+json} and the like for the JSON that they are. */
@PreMatching
final class JsonSuffix implements ContainerRequestFilter {

  private static final Pattern SUFFIXED =
      Pattern.compile("\\s*application/[^/;\\s]+\\+json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  @Override
  public void filter(ContainerRequestContext request) {
    String type = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
    if (type != null) {
      String plain = asJson(type);
      if (!plain.equals(type)) {
        request.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, plain);
      }
    }
  }

  /** The type, with {@code application/json} in the place of such a name. */
  static String asJson(String type) {
    Matcher suffixed = SUFFIXED.matcher(type);
    if (!suffixed.matches()) {
      return type;
    }
    String parameters = suffixed.group(1);
    return MediaType.APPLICATION_JSON + (parameters == null ? "" : parameters);
  }
}
