package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of a request that Jersey has not seen, with its Content-Type known to be JSON. */
final class ServletHeaders implements HttpHeaders {

  private final HttpServletRequest request;

  ServletHeaders(HttpServletRequest request) {
    this.request = request;
  }

  @Override
  public List<String> getRequestHeader(String name) {
    return Collections.list(request.getHeaders(name));
  }

  @Override
  public @Nullable String getHeaderString(String name) {
    List<String> values = getRequestHeader(name);
    return values.isEmpty() ? null : String.join(",", values);
  }

  @Override
  public MediaType getMediaType() {
    return MediaType.APPLICATION_JSON_TYPE;
  }

  @Override
  public int getLength() {
    return request.getContentLength();
  }

  @Override
  public MultivaluedMap<String, String> getRequestHeaders() {
    throw notAsked();
  }

  @Override
  public List<MediaType> getAcceptableMediaTypes() {
    throw notAsked();
  }

  @Override
  public List<Locale> getAcceptableLanguages() {
    throw notAsked();
  }

  @Override
  public Locale getLanguage() {
    throw notAsked();
  }

  @Override
  public Map<String, Cookie> getCookies() {
    throw notAsked();
  }

  @Override
  public Date getDate() {
    throw notAsked();
  }

  private static UnsupportedOperationException notAsked() {
    return new UnsupportedOperationException("no resource on a hot path asks for this");
  }
}
