package io.quikqueue.domain.usecase.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.usecase.Caller;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  private static final Caller CALLER = Caller.anonymous("here");
  private static final JobId ID = JobId.parse("01890000-0000-7000-8000-000000000001");

  private static Redaction naming(String... pointers) {
    return Redaction.of(Map.of("t", SecretFields.of(List.of(pointers))), false);
  }

  private static String shown(Redaction redaction, String payload) {
    return redaction.show(CALLER, job(payload)).job().spec().payload();
  }

  private static Job job(String payload) {
    return Job.builder(ID, JobSpec.of("t", payload), Instant.EPOCH).build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/payload | {'a':1} | X",
        "/payload | 12 | X",
        "/payload/a | {'a':1,'b':[2]} | {'a':X,'b':[2]}",
        "/payload/a | {'b':{'a':1},'a':{'c':[1,{'d':'}'}]},'e':2} | {'b':{'a':1},'a':X,'e':2}",
        "/payload/a/* | {'a':[1,[2,3],{}]} | {'a':[X,X,X]}",
        "/payload/a/* | {'a':{'b':1,'c':null}} | {'a':{'b':X,'c':X}}",
        "/payload/*/b/1 | {'a':{'b':[1,2,3]},'c':{'b':{'1':4}},'d':5} |"
            + " {'a':{'b':[1,X,3]},'c':{'b':{'1':X}},'d':5}",
        "/payload/a~1b/c~0d | {'a/b':{'c~d':1}} | {'a/b':{'c~d':X}}",
        "/payload/ | {'':1} | {'':X}",
        "/payload/a | {'\\u0061':'x\\'','b':'\\\\'} | {'\\u0061':X,'b':'\\\\'}",
        "/payload/a | {'a':1,'a':2} | {'a':X,'a':X}",
        "/payload/a/b | {'a':'b'} | {'a':'b'}",
        "/payload/a | [] | []",
        "/payload/a | { 'a' : 'x' , 'b' : 1 } | { 'a' : X , 'b' : 1 }",
        "/payload/a | {'a':tru | X",
        "/result/a | {'a':1} | {'a':1}",
      })
  void masksWhatThePointersName(String pointer, String payload, String shown) {
    assertThat(shown(naming(pointer), payload.replace('\'', '"')))
        .isEqualTo(shown.replace('\'', '"').replace("X", "\"[REDACTED]\""));
  }

  @Test
  void aTextThatNestsDeeplyIsRead() {
    String deep = "[".repeat(200_000) + "]".repeat(200_000);

    assertThat(shown(naming("/payload/b"), "{\"a\":" + deep + ",\"b\":1}"))
        .endsWith(",\"b\":\"[REDACTED]\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "payload/a", "/payloads/a", "/a", "/payload/~", "/payload/a~2"})
  void refusesWhatIsNoPointer(String pointer) {
    assertThatThrownBy(() -> SecretFields.of(List.of("/payload/ok", pointer)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("number 2 ");
  }

  @Test
  void boundsPointers() {
    List<String> most = Collections.nCopies(SecretFields.MOST, "/payload/a");
    String longest = "/payload/" + "a".repeat(SecretFields.LONGEST - 9);

    assertThatCode(() -> SecretFields.of(most)).doesNotThrowAnyException();
    assertThatCode(() -> SecretFields.of(List.of(longest, "/payload" + "/a".repeat(32))))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> SecretFields.of(Collections.nCopies(SecretFields.MOST + 1, "/result")))
        .hasMessageContaining("at most 100");
    assertThatThrownBy(() -> SecretFields.of(List.of(longest + "a")))
        .hasMessageContaining("at most 256");
    assertThatThrownBy(() -> SecretFields.of(List.of("/payload" + "/a".repeat(33))))
        .hasMessageContaining("at most 32");
  }

  @Test
  void resultsNotesAndErrorsAreShownWithoutSecretsWhereverTheseStand() {
    Job job =
        job("{\"key\":\"top\\\"secret\"}").toBuilder()
            .result(
                "{\"k\":\"is top\\\"secret\",\"top\\\"secret\":1,\"own\":\"other\",\"x\":\"an"
                    + " other\"}")
            .note("top\"secret")
            .error("GET /?k=top%22secret {\\\"k\\\":\\\"top\\\"secret\\\"}")
            .build();

    Job shown = naming("/payload/key", "/result/own").show(CALLER, job).job();

    assertThat(shown.result())
        .isEqualTo(
            "{\"k\":\"is [REDACTED]\",\"[REDACTED]\":1,\"own\":\"[REDACTED]\",\"x\":\"an"
                + " [REDACTED]\"}");
    assertThat(shown.note()).isEqualTo("[REDACTED]");
    assertThat(shown.error()).doesNotContain("top").contains("GET /?k=[REDACTED] ");
  }

  @Test
  void whoMayViewPayloadsSeesThem() {
    Redaction open = Redaction.of(Map.of("t", SecretFields.of(List.of("/payload/a"))), true);

    assertThat(shown(open, "{\"a\":1}")).isEqualTo("{\"a\":1}");
  }

  @Test
  void errorsLoseSecretsAlsoThoseThatAreCutOff() {
    JobSpec spec =
        JobSpec.of(
            "http", "{\"headers\":{\"AUTHORIZATION\":\"Bearer abcdefghij\",\"X\":\"open\"}}");
    Redaction usual = Redaction.usual();

    Failure masked =
        Redaction.masked(
            usual.values(spec),
            new Failure("sent abcdefghij, open", false, "E", "it was Bearer abcd…\n at abcdef"));

    assertThat(masked.message()).isEqualTo("sent [REDACTED], open");
    assertThat(masked.trace()).isEqualTo("it was [REDACTED]…\n at [REDACTED]");
    assertThat(masked.errorClass()).isEqualTo("E");
    assertThat(usual.values(spec).mask("abc")).isEqualTo("abc"); // too short to be told from others
    assertThat(usual.values(JobSpec.of("echo", spec.payload())).mask("abcdefghij"))
        .isEqualTo("abcdefghij");
    assertThat(usual.values(spec).toString()).doesNotContain("abc");
  }

  @Test
  void withTooManySecretsATextIsMaskedWhole() {
    StringBuilder payload = new StringBuilder("[\"value0\"");
    for (int i = 1; i < 400; i++) {
      payload.append(",\"value").append(i).append('"');
    }
    JobSpec spec = JobSpec.of("t", payload.append(']').toString());

    assertThat(naming("/payload/*").values(spec).mask("anything")).isEqualTo("[REDACTED]");
    assertThat(naming("/payload/1").values(spec).mask("value1 value2"))
        .isEqualTo("[REDACTED] value2");
  }

  @Test
  void refusesTheMaskWhereASecretBelongs() {
    Redaction redaction = naming("/payload/a/*/b");

    assertThatThrownBy(
            () ->
                redaction.requireNoMask(
                    JobSpec.of("t", "{\"a\":{\"x/y\":{\"b\":[\"[REDACTED]\"]}}}")))
        .isInstanceOfSatisfying(
            InvalidPayloadException.class, e -> assertThat(e.pointer()).isEqualTo("/a/x~1y/b"));
    assertThatCode(
            () ->
                redaction.requireNoMask(
                    JobSpec.of("t", "{\"c\":\"[REDACTED]\",\"a\":[{\"b\":1}]}")))
        .doesNotThrowAnyException();
  }

  @Test
  void secretsStayWhereAnEditedPayloadStillHasTheMask() {
    JobSpec before = JobSpec.of("t", "{\"a\":{\"x\":{\"k\":\"v\"},\"y\":2},\"b\":1}");

    assertThat(
            naming("/payload/a/*")
                .restored(
                    before, "{\"b\":5,\"a\":{\"y\":3,\"x\":\"[REDACTED]\",\"z\":\"[REDACTED]\"}}"))
        .isEqualTo("{\"b\":5,\"a\":{\"y\":3,\"x\":{\"k\":\"v\"},\"z\":\"[REDACTED]\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a.test",
        "HTTP://A.test/other?x=1",
        "http://a.test/[REDACTED]",
        "http://a.test#f"
      })
  void secretsOfAnHttpJobStayForTheSameServer(String url) {
    assertThat(editedTo("\"url\":\"" + url + "\",")).contains("Bearer s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"url\":\"http://evil.test/p\",",
        "\"url\":\"https://a.test/p\",",
        "\"url\":\"http://a.test:81/p\",",
        "\"url\":\"http://a.test.evil/p\",",
        "\"url\":\"http://a.test@evil.test/p\",",
        "\"url\":\"http://a.test\\\\.evil.test/p\",",
        "\"url\":\"http://a.test/p\",\"url\":\"http://evil.test/p\",",
        "\"url\":[\"http://a.test/p\"],",
        ""
      })
  void secretsOfAnHttpJobAreNotTakenToAnotherServer(String url) {
    assertThat(editedTo(url)).doesNotContain("s3cret");
  }

  private static String editedTo(String url) {
    String headers = "\"headers\":{\"Authorization\":\"%s\"}}";
    JobSpec before =
        JobSpec.of("http", "{\"url\":\"http://a.test/p\"," + headers.formatted("Bearer s3cret"));
    return Redaction.usual().restored(before, "{" + url + headers.formatted("[REDACTED]"));
  }

  @Test
  void whatCannotBeOpenedIsShownByTheKeyThatItWants() {
    assertThat(shown(naming("/payload/a"), "enc1:k7:AAAA"))
        .isEqualTo("\"[ENCRYPTED: the key k7 is unusable here]\"");
  }

  @Test
  void manySecretsAndLongTextsTakeNoTimeToSpeakOf() {
    String one = "a".repeat(200_000);
    JobSpec spec = JobSpec.of("t", "[\"" + one + "b\"]");

    assertThat(naming("/payload/0").values(spec).mask(one)).isEqualTo("[REDACTED]");
  }

  /** Whoever may read all payloads here: callbacks go to others. */
  @Test
  void aCallbackIsToldNoSecret() {
    SecretFields fields = SecretFields.of(List.of("/result/token"));
    Redaction redaction = Redaction.of(Map.of("t", fields), true);
    Callback told = new Callback("http://a", Callback.ANY_END);
    JobSpec spec = JobSpec.builder("t", "{}").callback(told).build();
    Job job = Job.builder(ID, spec, Instant.EPOCH).build();
    CallbackJobs callbacks = new CallbackJobs(ended -> redaction.masked(ended).job());

    Job callback =
        Objects.requireNonNull(
            callbacks.of(job.succeed("{\"token\":\"s3cret\",\"n\":1}", null, job.runAt())));

    assertThat(callback.spec().payload())
        .contains("\"result\":{\"token\":\"[REDACTED]\",\"n\":1}")
        .doesNotContain("s3cret");
  }
}
