package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.text.ParseException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import org.glassfish.jersey.message.internal.AcceptableMediaType;
import org.glassfish.jersey.message.internal.HttpHeaderReader;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of its media types, read as Jersey reads it, and at once where it is usual.
 */
final class MediaTypes {

  private static final Set<String> USUAL_ACCEPTS = Set.of("*/*", MediaType.APPLICATION_JSON);

  private MediaTypes() {}

  /** Whether the body may be JSON by its Content-Type; one without a type may be. */
  static boolean sendsJson(HttpServletRequest request) {
    MediaType type = contentType(request);
    return type == null || type.isCompatible(MediaType.APPLICATION_JSON_TYPE);
  }

  /**
   * The type of the body, JSON by any name as JSON; null = none is given.
   *
   * @throws BadRequestException when it cannot be read
   */
  static @Nullable MediaType contentType(HttpServletRequest request) {
    Enumeration<String> types = request.getHeaders(HttpHeaders.CONTENT_TYPE);
    if (!types.hasMoreElements()) {
      return null;
    }
    String type = types.nextElement();
    if (types.hasMoreElements()) {
      throw new BadRequestException();
    }
    if (type.equals(MediaType.APPLICATION_JSON)) {
      return MediaType.APPLICATION_JSON_TYPE;
    }
    try {
      return MediaType.valueOf(JsonSuffix.asJson(type));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(e);
    }
  }

  /**
   * Whether the answer may be JSON.
   *
   * @throws BadRequestException when the Accept header cannot be read
   */
  static boolean acceptsJson(HttpServletRequest request) {
    Enumeration<String> accepts = request.getHeaders(HttpHeaders.ACCEPT);
    if (!accepts.hasMoreElements()) {
      return true;
    }
    String accept = accepts.nextElement();
    if (!accepts.hasMoreElements() && USUAL_ACCEPTS.contains(accept)) {
      return true;
    }
    List<String> all = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
    try {
      List<AcceptableMediaType> read = HttpHeaderReader.readAcceptMediaType(String.join(",", all));
      return read.isEmpty()
          || read.stream().anyMatch(MediaType.APPLICATION_JSON_TYPE::isCompatible);
    } catch (ParseException e) {
      throw new BadRequestException(e);
    }
  }
}
