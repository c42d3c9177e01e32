package io.quikqueue.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result that an answer becomes: {@code {"status", "headers"?: {"content-type",
 * "content-encoding"?}, "body", "body_encoding"?: "base64", "body_cut"?: true, "body_note"?}}. The
 * body is JSON when the server says so, else text, and what is no text stands in base64.
 *
 * @param json the result
 * @param note what happened to the body; null = it is as it was sent
 * @param tooLarge whether the body was longer than what is kept
 */
record AnswerResult(String json, @Nullable String note, boolean tooLarge) {

  /** What a result may have beside its body. */
  private static final int ENVELOPE = 4 * 1024;

  private static final int MAX_HEADER = 500;

  /**
   * Makes the result. Never fails, whatever the body is.
   *
   * @param maxBytes of the body, decompressed
   * @param maxResult of the result's JSON in UTF-8
   */
  static AnswerResult of(HttpAnswer answer, int maxBytes, int maxResult) {
    return new Maker(answer, maxBytes, maxResult).result();
  }

  /** The first characters of the body if it is text, for a message. */
  static String excerpt(HttpAnswer answer, int maxLength) {
    RawBody body = answer.body();
    ContentCodings.Plain plain =
        ContentCodings.undo(
            body.bytes(), ContentCodings.named(answer.contentEncoding()), true, 4 * maxLength);
    BodyText text =
        plain == null
            ? null
            : BodyText.of(plain.bytes(), MediaType.of(answer.contentType()), plain.cut());
    return text == null ? "" : Text.printable(text.text(), maxLength);
  }

  private static final class Maker {

    private final HttpAnswer answer;
    private final int maxBytes;
    private final int room;
    private final List<String> notes = new ArrayList<>();
    private boolean tooLarge;
    private boolean cut;
    private boolean base64;
    private boolean encoded;

    Maker(HttpAnswer answer, int maxBytes, int maxResult) {
      this.answer = answer;
      this.maxBytes = maxBytes;
      room = Math.max(maxResult - ENVELOPE, ENVELOPE);
    }

    AnswerResult result() {
      String body = body();
      StringBuilder json = new StringBuilder(body.length() + 256);
      json.append("{\"status\":").append(answer.status());
      headers(json);
      json.append(",\"body\":").append(body);
      if (base64) {
        json.append(",\"body_encoding\":\"base64\"");
      }
      if (cut) {
        json.append(",\"body_cut\":true");
      }
      String note = notes.isEmpty() ? null : String.join("; ", notes);
      if (note != null) {
        json.append(",\"body_note\":").append(JsonText.quoted(note));
      }
      return new AnswerResult(json.append('}').toString(), note, tooLarge);
    }

    private void headers(StringBuilder json) {
      String type = answer.contentType();
      String encoding = encoded ? answer.contentEncoding() : null;
      if (type == null && encoding == null) {
        return;
      }
      json.append(",\"headers\":{");
      if (type != null) {
        json.append("\"content-type\":").append(header(type));
      }
      if (encoding != null) {
        json.append(type == null ? "" : ",")
            .append("\"content-encoding\":")
            .append(header(encoding));
      }
      json.append('}');
    }

    private static String header(String value) {
      return JsonText.quoted(value.length() <= MAX_HEADER ? value : value.substring(0, MAX_HEADER));
    }

    private String body() {
      RawBody raw = answer.body();
      int length = raw.bytes().length;
      switch (raw.end()) {
        case WHOLE, LEFT -> {}
        case TOO_LARGE -> tooLarge = true;
        case BROKEN -> cut("it broke off after " + length + " bytes");
        case NO_ROOM ->
            cut("it is cut after " + length + " bytes: the worker's calls hold too many");
      }
      if (length == 0) {
        return "null";
      }
      List<String> codings = ContentCodings.named(answer.contentEncoding());
      ContentCodings.Plain plain =
          ContentCodings.undo(raw.bytes(), codings, raw.end() != RawBody.End.WHOLE, maxBytes);
      if (plain == null) {
        encoded = true;
        notes.add(
            "its content-encoding '%s' cannot be decoded"
                .formatted(Text.printable(String.join(", ", codings), 40)));
        return base64(raw.bytes());
      }
      if (plain.cut() && !cut && raw.end() == RawBody.End.WHOLE) {
        if (plain.bytes().length == maxBytes) {
          tooLarge = true;
        } else {
          cut("it broke off after " + plain.bytes().length + " bytes");
        }
      }
      if (tooLarge) {
        cut("it is cut after " + plain.bytes().length + " bytes");
      }
      MediaType type = MediaType.of(answer.contentType());
      BodyText text = BodyText.of(plain.bytes(), type, plain.cut());
      if (text == null) {
        return base64(plain.bytes());
      }
      if (text.note() != null) {
        notes.add(text.note());
      }
      return type.isJson() && !cut ? json(text.text()) : text(text.text());
    }

    private void cut(String note) {
      cut = true;
      notes.add(note);
    }

    private String json(String text) {
      JsonBody body = JsonBody.of(text);
      String json = body.json();
      if (json == null) {
        notes.add("it " + body.problem() + ", so it is kept as text");
        return text(text);
      }
      return JsonText.length(json) <= room ? json : text(text);
    }

    private String text(String text) {
      int end = JsonText.fitting(text, room);
      if (end == text.length()) {
        return JsonText.quoted(text);
      }
      tooLarge = true;
      cut("it is cut after %d characters, for the result would be too large".formatted(end));
      return JsonText.quoted(text.substring(0, end));
    }

    private String base64(byte[] bytes) {
      base64 = true;
      int kept = Math.min(bytes.length, room / 4 * 3);
      notes.add(encoded ? "it is kept as base64" : "it is no text, so it is kept as base64");
      if (kept < bytes.length) {
        tooLarge = true;
        cut("it is cut after %d bytes, for the result would be too large".formatted(kept));
      }
      byte[] part = kept < bytes.length ? Arrays.copyOf(bytes, kept) : bytes;
      return '"' + Base64.getEncoder().encodeToString(part) + '"';
    }
  }
}
