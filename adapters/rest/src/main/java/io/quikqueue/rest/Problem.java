package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a request, as an RFC 9457 problem document.
 *
 * @param kind the end of the {@code type} URN; stable, for programs
 * @param field the field, parameter or header at fault; null = none
 * @param errors all that is wrong, when it is more than one thing; else empty
 * @param members further members, by name: texts and whole numbers
 * @param headers further headers of the answer, by name
 */
record Problem(
    int status,
    String kind,
    String title,
    String detail,
    @Nullable String field,
    List<FieldError> errors,
    Map<String, Object> members,
    Map<String, String> headers) {

  static final String MEDIA_TYPE = "application/problem+json";
  static final String QUEUE_FULL = "queue-full";
  static final String UNREADABLE_BODY = "unreadable-body";

  private static final String URN = "urn:quikqueue:problem:";
  private static final int MAX_DETAIL = 500;
  private static final int MAX_FIELD = 100;

  /** One thing that is wrong with a field. */
  record FieldError(String kind, String title, String field, String detail) {

    FieldError {
      field = cut(field, MAX_FIELD);
      detail = cut(detail, MAX_DETAIL);
    }
  }

  Problem {
    detail = cut(detail, MAX_DETAIL);
    field = field == null ? null : cut(field, MAX_FIELD);
    errors = List.copyOf(errors);
    members = new TreeMap<>(members);
    headers = Map.copyOf(headers);
  }

  static Problem of(int status, String kind, String title, String detail) {
    return new Problem(status, kind, title, detail, null, List.of(), Map.of(), Map.of());
  }

  static Problem ofField(int status, String kind, String title, String field, String detail) {
    return new Problem(status, kind, title, detail, field, List.of(), Map.of(), Map.of());
  }

  /** A 422 for a body that breaks one rule or several. */
  static Problem ofFields(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    return new Problem(
        422,
        first.kind(),
        first.title(),
        told(errors),
        first.field(),
        errors.size() == 1 ? List.of() : errors,
        Map.of(),
        Map.of());
  }

  /** The same where what is wrong is part of a field. */
  Problem under(String outer) {
    String inner = field;
    List<FieldError> all =
        errors.stream()
            .map(
                each ->
                    new FieldError(
                        each.kind(), each.title(), outer + "." + each.field(), each.detail()))
            .toList();
    boolean named = inner != null && detail.startsWith(inner + ": ");
    return new Problem(
        status,
        kind,
        title,
        !all.isEmpty() ? told(all) : named ? outer + "." + detail : detail,
        inner == null ? outer : outer + "." + inner,
        all,
        members,
        headers);
  }

  private static String told(List<FieldError> errors) {
    return errors.stream()
        .map(error -> error.field() + ": " + error.detail())
        .collect(Collectors.joining("; "));
  }

  Problem with(String member, String value) {
    Map<String, Object> more = new TreeMap<>(members);
    more.put(member, value);
    return new Problem(status, kind, title, detail, field, errors, more, headers);
  }

  Problem with(String member, long value) {
    Map<String, Object> more = new TreeMap<>(members);
    more.put(member, value);
    return new Problem(status, kind, title, detail, field, errors, more, headers);
  }

  Problem withHeader(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Problem(status, kind, title, detail, field, errors, members, more);
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", URN + kind);
    json.writeStringField("title", title);
    json.writeNumberField("status", status);
    json.writeStringField("detail", detail);
    if (field != null) {
      json.writeStringField("field", field);
    }
    for (Map.Entry<String, Object> member : members.entrySet()) {
      json.writeObjectField(member.getKey(), member.getValue());
    }
    if (!errors.isEmpty()) {
      json.writeArrayFieldStart("errors");
      for (FieldError error : errors) {
        json.writeStartObject();
        json.writeStringField("type", URN + error.kind());
        json.writeStringField("field", error.field());
        json.writeStringField("detail", error.detail());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  byte[] bytes() {
    return Json.bytes(this::write);
  }

  Response response() {
    Response.ResponseBuilder response = Response.status(status).type(MEDIA_TYPE).entity(bytes());
    headers.forEach(response::header);
    if ((status == 503 || status == 429) && !headers.containsKey(HttpHeaders.RETRY_AFTER)) {
      response.header(HttpHeaders.RETRY_AFTER, "1");
    }
    if (kind.equals(UNREADABLE_BODY)) { // where a next request would begin, nobody can say
      response.header(DrainBody.CONNECTION, DrainBody.CLOSE);
    }
    return response.build();
  }

  /** Cuts long text short, and never between the halves of a surrogate pair. */
  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
    return text.substring(0, end) + "…";
  }
}
