package io.quikqueue.http;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Content-Type header says, read as far as it can be read.
 *
 * @param name such as {@code text/html}, in lower case; empty = not said
 * @param charset as it is spelt, without quotes; null = not said
 */
record MediaType(String name, @Nullable String charset) {

  private static final Pattern CHARSET =
      Pattern.compile(
          ";\\s*charset\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^;,]*))", Pattern.CASE_INSENSITIVE);

  private static final Set<String> TEXTS =
      Set.of(
          "application/ecmascript",
          "application/graphql",
          "application/javascript",
          "application/json",
          "application/json5",
          "application/jsonlines",
          "application/ndjson",
          "application/sql",
          "application/toml",
          "application/x-javascript",
          "application/x-ndjson",
          "application/x-www-form-urlencoded",
          "application/x-yaml",
          "application/xml",
          "application/yaml");

  static MediaType of(@Nullable String header) {
    if (header == null) {
      return new MediaType("", null);
    }
    String name = header.split("[;,]", 2)[0].strip().toLowerCase(Locale.ROOT);
    Matcher matcher = CHARSET.matcher(header);
    String charset = null;
    if (matcher.find()) {
      charset =
          Stream.of(1, 2, 3).map(matcher::group).filter(Objects::nonNull).findFirst().orElse("");
    }
    return new MediaType(name, charset == null || charset.isBlank() ? null : charset.strip());
  }

  boolean isJson() {
    return name.equals("application/json") || name.endsWith("+json");
  }

  boolean isText() {
    return name.startsWith("text/")
        || TEXTS.contains(name)
        || name.endsWith("+json")
        || name.endsWith("+xml")
        || name.endsWith("+yaml");
  }
}
