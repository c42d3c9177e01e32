package io.quikqueue.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/**
 * Makes requests of the operations of an OpenAPI document: some as it asks for, most with something
 * wrong in their JSON, their parameters, their headers, or the way they are sent.
 */
final class RequestFuzzer {

  private static final List<String> METHODS =
      List.of(
          "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW",
          "get", "");

  private static final List<String> TARGETS =
      List.of(
          "%zz",
          "%",
          "%ff",
          "%00",
          "%u0041",
          "%ed%a0%80",
          "%2F..%2F",
          "/../..",
          "//",
          "/;a=b",
          "\\",
          "\u00E9",
          "\u0001",
          " ",
          "{id}",
          "#a",
          "?%ff=1",
          "?=",
          "?&&=&",
          "?limit=%",
          "?label=%f0%28",
          "?wait=%00",
          "?" + "a=b&".repeat(5_000));

  private static final List<String> CONTENT_TYPES =
      List.of(
          "",
          "json",
          "/",
          "*/*",
          "text/plain",
          "application/json;charset=utf-16",
          "application/json;charset=bogus",
          "application/json;charset=\"",
          "application/json;;=",
          "application/x-ndjson",
          "application/json",
          "multipart/form-data",
          "\u00FF/\u00FE",
          "application/" + "x".repeat(3_000));

  private static final List<String> HEADERS =
      List.of(
          "Accept: ;;;",
          "Accept: application/json;q=x",
          "Accept: \u00FF",
          "Accept-Language: ;;q=",
          "Accept-Charset: bogus",
          "Content-Encoding: br",
          "Content-Encoding: gzip",
          "Content-Encoding: gzip, gzip",
          "Content-Length: 5",
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Transfer-Encoding: odd",
          "Transfer-Encoding: chunked",
          "Expect: 100-continue",
          "Expect: the-unexpected",
          "Host: b",
          "Host: [",
          "Range: bytes=9-1",
          "If-None-Match: \"",
          "Cookie: $Version=x; a=\"",
          "X: \u0000",
          "X: \u001B[31m",
          "no colon",
          ": no name",
          " folded",
          "X-\u00E9: 1",
          "X: " + "x".repeat(20_000),
          "Upgrade: h2c",
          "Forwarded: for=\"",
          "X-HTTP-Method-Override: DELETE",
          "Idempotency-Key: a",
          "Idempotency-Key: \u0001",
          "traceparent: 00-\u00FF",
          "traceparent: ff-00-00-00",
          "tracestate: \"");

  private final JsonNode openApi;
  private final List<String> ids;
  private final List<Operation> operations = new ArrayList<>();

  private record Operation(String method, String path, JsonNode is) {}

  /**
   * A request to send.
   *
   * @param operation what it began as
   * @param documented the statuses that the document has for it; empty = it is wrong in a way that
   *     is for HTTP to tell of, not for the document
   * @param mute whether the server may close the connection without an answer
   * @param body what the server sees as its body; null = nobody can say
   * @param lines whether the body is of one document per line
   */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Fuzzed(
      String operation,
      byte[] bytes,
      Set<Integer> documented,
      boolean mute,
      byte[] body,
      boolean lines) {}

  /**
   * What has a body is asked for most.
   *
   * @param ids of jobs, to be asked for
   */
  RequestFuzzer(JsonNode openApi, List<String> ids) {
    this.openApi = openApi;
    this.ids = ids;
    for (Map.Entry<String, JsonNode> path : openApi.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        Operation found =
            new Operation(
                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue());
        operations.addAll(Collections.nCopies(found.is().has("requestBody") ? 8 : 1, found));
      }
    }
  }

  /** The next request that this source of chance leads to. */
  Fuzzed next(Random random) {
    return new Draft(random).finish();
  }

  /** A request in the making. */
  private final class Draft {

    private final Random random;
    private final JsonFuzzer json;
    private final Operation operation;
    private final List<String> headers =
        new ArrayList<>(List.of("Host: localhost", "Connection: close"));
    private String method;
    private String target;
    private String version = "HTTP/1.1";
    private boolean lines;
    private boolean plain = true;
    private boolean mute;
    private byte[] body;
    private byte[] seen;

    Draft(Random random) {
      this.random = random;
      this.json = new JsonFuzzer(openApi, random, pick(List.of(0, 3, 15, 40)));
      this.operation = pick(operations);
      this.method = operation.method();
      this.target = operation.path();
      StringBuilder query = new StringBuilder();
      for (JsonNode reference : operation.is().path("parameters")) {
        JsonNode parameter = json.resolve(reference);
        parameter(parameter.path("name").asText(), parameter, query);
      }
      target += query.isEmpty() ? "" : "?" + query.substring(1);
    }

    private void parameter(String name, JsonNode parameter, StringBuilder query) {
      JsonNode schema = parameter.path("schema");
      switch (parameter.path("in").asText()) {
        case "path" -> {
          String value = name.equals("id") && oneIn(2) ? pick(ids) : json.text(name, schema);
          if (operation.method().equals("DELETE")
              || operation.path().endsWith("/pause")
              || operation.method().equals("PUT")) {
            value = "gone-" + value; // the jobs that were accepted are to run, and looked for later
          } else if (name.equals("queue") && operation.path().endsWith("/lease")) {
            value = "leased-" + value; // likewise: nobody would run what was leased
          }
          plain &= value.matches("[A-Za-z0-9_.-]{1,100}");
          target = target.replace("{" + name + "}", encoded(value));
        }
        case "query" -> {
          for (int times = oneIn(20) ? 2 : random.nextInt(2); times > 0; times--) {
            String value = json.text(name, schema);
            plain &=
                value.length() < 1_000
                    && value.chars().noneMatch(c -> Character.isSurrogate((char) c));
            query
                .append('&')
                .append(oneIn(40) ? name + "x" : name)
                .append('=')
                .append(encoded(value));
          }
        }
        default -> {
          if (oneIn(3)) {
            String value = json.text(name, schema);
            plain &= value.matches("[ -~]{1,1000}");
            headers.add(name + ": " + value);
          }
        }
      }
    }

    Fuzzed finish() {
      if (operation.is().has("requestBody")) {
        content();
      }
      if (oneIn(10)) {
        spoilHead();
      }
      String framing = body == null ? "" : frame();
      byte[] head =
          (method + " " + target + " " + version + "\r\n" + String.join("\r\n", headers) + framing)
              .concat("\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1);
      if (oneIn(25)) {
        head = garbled(head, "\r\n\u0000 :;%".getBytes(StandardCharsets.ISO_8859_1));
        plain = false;
        mute = true;
        seen = null;
      } else if (oneIn(100)) {
        plain = false;
        return fuzzed(Arrays.copyOf(head, random.nextInt(head.length)), true);
      }
      return fuzzed(joined(head, body == null ? new byte[0] : body), mute);
    }

    private Fuzzed fuzzed(byte[] bytes, boolean silent) {
      Set<Integer> documented = new TreeSet<>();
      if (plain) {
        operation
            .is()
            .path("responses")
            .fieldNames()
            .forEachRemaining(status -> documented.add(Integer.valueOf(status)));
      }
      return new Fuzzed(
          operation.method() + " " + operation.path(), bytes, documented, silent, seen, lines);
    }

    private void content() {
      JsonNode content = operation.is().at("/requestBody/content");
      List<Map.Entry<String, JsonNode>> types = List.copyOf(content.properties());
      Map.Entry<String, JsonNode> type = pick(types);
      lines = type.getKey().equals("application/x-ndjson");
      headers.add("Content-Type: " + type.getKey());
      StringBuilder text = new StringBuilder();
      if (lines) {
        for (int left = 1 + random.nextInt(5); left > 0; left--) {
          text.append(json.json("", openApi.at("/components/schemas/BatchJob")).replace('\n', ' '));
          text.append(oneIn(10) ? "\r\n\n" : "\n");
        }
      } else {
        text.append(json.json("", harmless(type.getValue().path("schema"))));
      }
      body = utf8(text.toString());
      if (oneIn(8) && body.length > 0) {
        body = garbled(body, "{}[]\",:\\\n".getBytes(StandardCharsets.ISO_8859_1));
      }
      if (oneIn(12)) {
        body = Arrays.copyOf(body, random.nextInt(body.length + 1));
      }
    }

    /** An operation that begins would change or delete the jobs that are looked for later. */
    private JsonNode harmless(JsonNode schema) {
      if (!operation.path().equals("/v1/operations")) {
        return schema;
      }
      ObjectNode harmless = json.resolve(schema).deepCopy();
      harmless.withObject("/properties/action").putArray("enum").add("gone");
      return harmless;
    }

    private void spoilHead() {
      plain = false;
      switch (random.nextInt(9)) {
        case 0 -> method = pick(METHODS);
        case 1, 2 -> target += pick(TARGETS);
        case 3 -> version = pick(List.of("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP", ""));
        case 4, 5 -> {
          if (body != null) {
            headers.removeIf(header -> header.startsWith("Content-Type"));
            headers.add("Content-Type: " + pick(CONTENT_TYPES));
          }
        }
        case 6 -> headers.add("Accept: text/html");
        default -> headers.add(random.nextInt(headers.size() + 1), pick(HEADERS));
      }
    }

    /** How the body is sent; returns the headers that say so. */
    private String frame() {
      seen = plain ? body : null;
      return switch (random.nextInt(32)) {
        case 0, 1, 2, 3 -> chunked(joined(chunks(body), bytes("0\r\n\r\n")));
        case 4 -> {
          seen = null;
          yield chunked(Arrays.copyOf(chunks(body), random.nextInt(body.length + 1)));
        }
        case 5 -> {
          seen = null;
          byte[] size =
              bytes(pick(List.of("zz", "-1", "ffffffffffffffff", "7fffffff", "")) + "\r\n");
          yield chunked(joined(chunks(body), joined(size, body)));
        }
        case 6 -> {
          body = gzip(body);
          yield length(body.length) + "\r\nContent-Encoding: gzip";
        }
        case 7 -> {
          int less = random.nextInt(body.length + 1);
          seen = plain ? Arrays.copyOf(body, less) : null;
          yield length(less);
        }
        case 8 -> {
          seen = null;
          yield length(body.length + 1 + random.nextInt(1_000));
        }
        case 9 -> {
          seen = null;
          yield "";
        }
        case 10 -> {
          plain = false;
          seen = null;
          yield length(body.length) + "\r\nTransfer-Encoding: chunked";
        }
        default -> length(body.length);
      };
    }

    private String chunked(byte[] chunks) {
      body = chunks;
      return "\r\nTransfer-Encoding: chunked";
    }

    private byte[] chunks(byte[] whole) {
      byte[] chunks = {};
      int pieces = 1 + random.nextInt(3);
      int size = Math.max(1, (whole.length + pieces - 1) / pieces);
      for (int from = 0; from < whole.length; from += size) {
        byte[] piece = Arrays.copyOfRange(whole, from, Math.min(whole.length, from + size));
        chunks =
            joined(chunks, bytes(Integer.toHexString(piece.length) + "\r\n"), piece, bytes("\r\n"));
      }
      return chunks;
    }

    private byte[] garbled(byte[] bytes, byte[] likely) {
      byte[] garbled = bytes.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        int at = random.nextInt(garbled.length);
        garbled[at] =
            switch (random.nextInt(3)) {
              case 0 -> (byte) random.nextInt(256);
              case 1 -> likely[random.nextInt(likely.length)];
              default -> garbled[random.nextInt(garbled.length)];
            };
      }
      return garbled;
    }

    private boolean oneIn(int times) {
      return random.nextInt(times) == 0;
    }

    private <T> T pick(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }

  private static String length(int length) {
    return "\r\nContent-Length: " + length;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Half a surrogate pair becomes the three bytes it would have, were it a character. */
  private static byte[] utf8(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(
            c -> {
              if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                out.write(0xE0 | c >> 12);
                out.write(0x80 | c >> 6 & 0x3F);
                out.write(0x80 | c & 0x3F);
              } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in memory
    }
    return out.toByteArray();
  }
}
