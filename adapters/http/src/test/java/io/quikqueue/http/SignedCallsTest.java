package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server's side of signed calls is the example of docs/signed-calls.md, as it stands there. */
@Timeout(600)
class SignedCallsTest {

  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_BfcDQQeKz2oG1CPSFyD5ZD1flTYm2IoC";
  private static final String NEW = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDQsaqTyeBtfA=";

  private final HttpConfig config = new HttpConfig();

  @TempDir private Path folder;

  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server();
    server.answer("/", 200, null, "");
    config.setAllow(List.of("127.0.0.1:" + server.port()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void areToldFromForgedOnes() throws Exception {
    sign(NEW + "\n" + OLD);

    Server.Request call = call("{\"url\": \"%s\", \"body\": {\"text\": \"grüße\"}}");

    Instant now = Instant.now();
    assertThat(call.header("Webhook-id")).isEqualTo(call.header("Quikqueue-job-id"));
    assertThat(genuine(call, call.body(), List.of(NEW), now)).isTrue();
    assertThat(genuine(call, call.body(), List.of(OLD, NEW), now)).isTrue();
    assertThat(genuine(call, call.body(), List.of(OLD), now)).isTrue();
    assertThat(genuine(call, call.body(), List.of(OTHER), now)).isFalse();
    assertThat(genuine(call, call.body() + " ", List.of(NEW), now)).isFalse();
    assertThat(genuine(call, call.body(), List.of(NEW), now.plus(Duration.ofHours(1)))).isFalse();
    assertThat(genuine(call, call.body(), List.of(NEW), now.minus(Duration.ofHours(1)))).isFalse();
  }

  @Test
  void mayHaveNoBody() throws Exception {
    sign(OLD);

    Server.Request call = call("{\"url\": \"%s\", \"method\": \"GET\"}");

    assertThat(call.body()).isEmpty();
    assertThat(genuine(call, "", List.of(OLD), Instant.now())).isTrue();
  }

  @Test
  void areThoseOfAWorkerWithAKey() throws Exception {
    sign(" ");

    Server.Request call = call("{\"url\": \"%s\"}");

    assertThat(call.headers().keySet()).noneMatch(CallSigner::isItsHeader);
  }

  @Test
  void areLeftAsAJobThatIsOlderSignedThem() throws Exception {
    sign(NEW);

    Server.Request call = call("{\"url\": \"%s\", \"headers\": {\"Webhook-Signature\": \"v1,x\"}}");

    assertThat(call.header("Webhook-signature")).isEqualTo("v1,x");
    assertThat(call.header("Webhook-id")).isEqualTo("none");
  }

  @Test
  void keepTheIdempotencyKeyOfTheJob() throws Exception {
    Server.Request call = call("{\"url\": \"%s\", \"headers\": {\"idempotency-key\": \"mine\"}}");

    assertThat(call.headers().get("Idempotency-key")).containsExactly("mine");
  }

  private void sign(String keys) throws Exception {
    Path file = folder.resolve("keys");
    Files.writeString(file, keys);
    config.setSigningKeyFile(keys.isBlank() ? keys : file.toString());
  }

  private Server.Request call(String payload) throws Exception {
    try (HttpJobHandler handler = new HttpJobHandler(config)) {
      handler.run(OneRun.of(payload.formatted(server.url("/"))));
    }
    return server.requests.getLast();
  }

  private boolean genuine(Server.Request call, String body, List<String> keys, Instant now)
      throws Exception {
    try (URLClassLoader example = new URLClassLoader(new URL[] {compiled().toUri().toURL()})) {
      Method genuine =
          example
              .loadClass("SignedCalls")
              .getMethod(
                  "genuine",
                  String.class,
                  String.class,
                  String.class,
                  byte[].class,
                  List.class,
                  Instant.class);
      return (boolean)
          genuine.invoke(
              null,
              call.header("Webhook-id"),
              call.header("Webhook-timestamp"),
              call.header("Webhook-signature"),
              body.getBytes(StandardCharsets.UTF_8),
              keys,
              now);
    }
  }

  /** Where the example's class is. */
  private Path compiled() throws Exception {
    Path classes = folder.resolve("classes");
    if (Files.notExists(classes)) {
      String docs = Files.readString(Path.of("../../docs/signed-calls.md"));
      Matcher example = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(docs);
      assertThat(example.find()).isTrue();
      Path source = folder.resolve("SignedCalls.java");
      Files.writeString(source, example.group(1));
      int errors =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, "-proc:none", "-d", classes.toString(), source.toString());
      assertThat(errors).isZero();
    }
    return classes;
  }
}
