package io.quikqueue.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.Durations;
import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The call that the payload of an {@code http} job asks for.
 *
 * @param url what is called
 * @param headers by name, names without regard to case
 * @param body text to send as UTF-8; null = none
 * @param timeout for the whole call; null = as configured
 * @param statuses what the statuses of answers mean
 * @param maxResponseBytes what is kept of the answer's body; 0 = none; null = as configured
 * @param failsOnLarge whether a body that is longer fails the job; else it is cut
 */
record HttpCall(
    CallUrl url,
    String method,
    Map<String, String> headers,
    @Nullable String body,
    @Nullable Duration timeout,
    StatusRules statuses,
    @Nullable Integer maxResponseBytes,
    boolean failsOnLarge) {

  private static final Set<String> FIELDS =
      Set.of(
          "url",
          "method",
          "headers",
          "body",
          "body_text",
          "timeout",
          "accept",
          "retry_on",
          "fail_on",
          "max_response_bytes",
          "on_large");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

  /**
   * What frames the message or belongs to one connection is ours to say, and so are our own names.
   */
  private static final Set<String> REFUSED_HEADERS =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final List<String> REFUSED_PREFIXES = List.of("proxy-", "quikqueue-");

  HttpCall {
    headers = Collections.unmodifiableMap(headers);
  }

  /**
   * Reads a payload: {@code {"url", "method"?, "headers"?, "body"?, "body_text"?, "timeout"?,
   * "accept"?, "retry_on"?, "fail_on"?, "max_response_bytes"?, "on_large"?}}. The method is POST
   * when not given. A string as body is sent as {@code text/plain}, any other value as {@code
   * application/json}, byte for byte as it stands in the payload, unless a Content-Type header is
   * given; null sends nothing. The timeout is written as {@link Durations} has it. For the lists of
   * statuses see {@link StatusRules}.
   *
   * @throws InvalidFieldException naming the field at fault
   */
  static HttpCall parse(String payload) {
    JsonNode json;
    try {
      json = StrictJson.read(payload);
    } catch (JsonProcessingException e) {
      throw new InvalidFieldException("payload", "must be JSON: " + e.getOriginalMessage());
    }
    require(json.isObject(), "payload", "must be a JSON object");
    json.fieldNames()
        .forEachRemaining(
            name ->
                require(
                    FIELDS.contains(name),
                    Text.printable(name, 64),
                    "is not a field of an http job"));
    Map<String, String> headers = headers(json.path("headers"));
    JsonNode text = json.path("body_text");
    require(text.isMissingNode() || text.isTextual(), "body_text", "must be a string");
    require(text.isMissingNode() || !json.has("body"), "body_text", "must not stand beside body");
    JsonNode body = text.isMissingNode() ? json.path("body") : text;
    boolean none = body.isMissingNode() || body.isNull();
    if (!none) {
      headers.putIfAbsent(
          "Content-Type", body.isTextual() ? "text/plain; charset=utf-8" : "application/json");
    }
    return new HttpCall(
        url(json.path("url")),
        method(json.path("method")),
        headers,
        none ? null : body.isTextual() ? body.textValue() : StrictJson.slice(payload, "body"),
        timeout(json.path("timeout")),
        StatusRules.parse(json),
        maxResponseBytes(json.path("max_response_bytes")),
        failsOnLarge(json.path("on_large")));
  }

  /**
   * Refuses what only this service may say of a call. Jobs that were accepted when they could still
   * sign their calls by themselves run as they were meant.
   *
   * @throws InvalidFieldException naming the header
   */
  void requireUnsigned() {
    for (String name : headers.keySet()) {
      require(!CallSigner.isItsHeader(name), "headers." + name, "must not be set by a job");
    }
  }

  /** Scheme, host and port: what may be shown and logged of the URL. */
  String origin() {
    return url.origin();
  }

  boolean accepts(int status) {
    return statuses.of(status) == StatusRules.Verdict.SUCCESS;
  }

  private static CallUrl url(JsonNode json) {
    require(json.isTextual(), "url", json.isMissingNode() ? "is missing" : "must be a string");
    try {
      return CallUrl.parse(json.textValue());
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException("url", String.valueOf(e.getMessage()));
    }
  }

  private static String method(JsonNode json) {
    if (json.isMissingNode()) {
      return "POST";
    }
    String method = json.isTextual() ? json.textValue().toUpperCase(Locale.ROOT) : "";
    require(METHODS.contains(method), "method", "must be one of " + String.join(" ", METHODS));
    return method;
  }

  private static Map<String, String> headers(JsonNode json) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    require(json.isMissingNode() || json.isObject(), "headers", "must be an object of strings");
    for (Map.Entry<String, JsonNode> header : json.properties()) {
      String name = header.getKey();
      String field = "headers." + Text.printable(name, 64);
      String lower = name.toLowerCase(Locale.ROOT);
      require(TOKEN.matcher(name).matches(), field, "is not the name of a header");
      require(
          !REFUSED_HEADERS.contains(lower)
              && REFUSED_PREFIXES.stream().noneMatch(lower::startsWith),
          field,
          "must not be set by a job");
      require(
          header.getValue().isTextual()
              && HEADER_VALUE.matcher(header.getValue().textValue()).matches(),
          field,
          "must be a string of printable ASCII");
      require(headers.put(name, header.getValue().textValue()) == null, field, "is there twice");
    }
    return headers;
  }

  private static @Nullable Duration timeout(JsonNode json) {
    if (json.isMissingNode()) {
      return null;
    }
    Duration timeout = json.isTextual() ? Durations.parse(json.textValue()) : null;
    if (timeout == null || !timeout.isPositive()) {
      throw new InvalidFieldException("timeout", "must be a duration such as \"10s\" or \"PT10S\"");
    }
    return timeout;
  }

  private static @Nullable Integer maxResponseBytes(JsonNode json) {
    if (json.isMissingNode()) {
      return null;
    }
    require(
        json.isInt() && json.intValue() >= 0,
        "max_response_bytes",
        "must be a whole number from 0 to 2147483647");
    return json.intValue();
  }

  private static boolean failsOnLarge(JsonNode json) {
    if (json.isMissingNode()) {
      return false;
    }
    String text = json.isTextual() ? json.textValue() : "";
    require(text.equals("cut") || text.equals("fail"), "on_large", "must be cut or fail");
    return text.equals("fail");
  }

  private static void require(boolean holds, String field, String problem) {
    if (!holds) {
      throw new InvalidFieldException(field, problem);
    }
  }

  /** Leaves out what may hold secrets: the URL behind its port, the values of headers, the body. */
  @Override
  public String toString() {
    return headers.keySet().stream()
        .collect(
            Collectors.joining(
                ", ", "HttpCall[" + method + " " + origin() + ", headers ", " [REDACTED]]"));
  }
}
