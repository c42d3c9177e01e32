package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallSignerTest {

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("keys");
  }

  /** The example of the specification's own libraries. */
  @Test
  void signsAsStandardWebhooksHasIt() throws Exception {
    Files.writeString(file, "# ours\n\n  whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\r\n");

    Map<String, String> headers =
        CallSigner.read(file)
            .headers(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330, 999_999_999),
                "{\"test\": 2432232314}");

    assertThat(headers)
        .containsOnly(
            Map.entry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            Map.entry("webhook-timestamp", "1614265330"),
            Map.entry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
  }

  /** Cases by other implementations of the standard, see the project's notes on shared cases. */
  @Test
  void signsAsOtherImplementationsDo() throws Exception {
    JsonNode cases;
    try (InputStream json = CallSignerTest.class.getResourceAsStream("webhooks.json")) {
      cases = new ObjectMapper().readTree(json);
    }
    assertThat(cases).hasSizeGreaterThanOrEqualTo(10);
    for (JsonNode row : cases) {
      String keys = row.path("secret").asText() + "\n" + row.path("old_secret").asText();
      Files.writeString(file, keys);

      Map<String, String> headers =
          CallSigner.read(file)
              .headers(
                  row.path("id").asText(),
                  Instant.ofEpochSecond(row.path("timestamp").asLong()),
                  row.path("body").asText());

      assertThat(headers)
          .as(row.path("name").asText())
          .containsOnly(
              Map.entry("webhook-id", row.path("id").asText()),
              Map.entry("webhook-timestamp", row.path("timestamp").asText()),
              Map.entry("webhook-signature", row.path("header").asText()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 63, 64})
  void takesKeysOf24To64Bytes(int bytes) throws Exception {
    Files.writeString(file, key(bytes));

    assertThat(CallSigner.read(file).headers("a", Instant.EPOCH, null)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 23, 65})
  void refusesKeysThatAreTooShortOrTooLong(int bytes) throws Exception {
    Files.writeString(file, key(32) + "\n" + key(bytes));

    refuses("line 2 of " + file + " must be whsec_ and 24 to 64 bytes in base64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS?",
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      })
  void showsNothingOfALineThatIsNoKey(String line) throws Exception {
    Files.writeString(file, line);

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> CallSigner.read(file))
        .withMessageStartingWith("line 1 of " + file)
        .withMessageNotContaining("MfKQ")
        .withNoCause();
  }

  @Test
  void takesUpTo10Keys() throws IOException {
    Files.write(file, Collections.nCopies(10, key(32)));
    assertThat(CallSigner.read(file)).isNotNull();

    Files.write(file, Collections.nCopies(11, key(32)));
    refuses(file + " must have 1 to 10 keys, and has 11");
    Files.writeString(file, "# none yet\n");
    refuses(file + " must have 1 to 10 keys, and has 0");
  }

  @Test
  void refusesAFileThatIsTooLong() throws IOException {
    String key = key(32) + "\n";
    Files.writeString(file, key + "#".repeat(16 * 1024 - key.length()));
    assertThat(CallSigner.read(file)).isNotNull();

    Files.writeString(file, key + "#".repeat(16 * 1024 - key.length() + 1));
    refuses(file + " is too long for a file of keys");
  }

  @Test
  void refusesAFileThatCannotBeRead() {
    refuses("cannot read " + file + ": there is no such file");
  }

  @Test
  void aKeyInThePlaceOfItsFileIsNotShown() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> CallSigner.read(Path.of(key(32))))
        .withMessage("it must be a file with keys, and seems to be a key");
  }

  private void refuses(String message) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> CallSigner.read(file))
        .withMessage(message);
  }

  private static String key(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
