package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.rest.Http.Answer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest extends ApiTest {

  private final JobId id = JobId.parse("01890000-0000-7000-8000-000000000001");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'url':'u','headers':{'Authorization':'Bearer x','A':'b'}} |"
            + " {'url':'u','headers':{'Authorization':'[REDACTED]','A':'b'}}",
        "{'headers': {'COOKIE' : 'c' , 'x-API-key':'k'}, 'url':'u'} | {'headers': {'COOKIE' :"
            + " '[REDACTED]' , 'x-API-key':'[REDACTED]'}, 'url':'u'}",
        "{'headers':{'Proxy-Authorization':['a','b']}} |"
            + " {'headers':{'Proxy-Authorization':'[REDACTED]'}}",
        "{'headers':{'X-Auth-Token':'t','PRIVATE-TOKEN':'t','apikey':'k'}} |"
            + " {'headers':{'X-Auth-Token':'[REDACTED]','PRIVATE-TOKEN':'[REDACTED]','apikey':'[REDACTED]'}}",
        "{'headers':{'X-Hub-Signature-256':'s','X-Client-Secret':'s','Idempotency-Key':'k'}} |"
            + " {'headers':{'X-Hub-Signature-256':'[REDACTED]','X-Client-Secret':'[REDACTED]','Idempotency-Key':'k'}}",
        "{'headers':{'authorization':12.50}} | {'headers':{'authorization':'[REDACTED]'}}",
        "{'headers':{'authorization':{'a':1}},'x':1} |"
            + " {'headers':{'authorization':'[REDACTED]'},'x':1}",
        "{'\\u0068eaders':{'\\u0041uthorization':'x'}} |"
            + " {'\\u0068eaders':{'\\u0041uthorization':'[REDACTED]'}}",
        "{'headers':{'authorization':'a\\'b'}} | {'headers':{'authorization':'[REDACTED]'}}",
        "{'body':{'headers':{'authorization':'x'}}} | {'body':{'headers':{'authorization':'x'}}}",
        "{'headers':'authorization'} | {'headers':'authorization'}",
        "{'headers':{'X':'authorization'}} | {'headers':{'X':'authorization'}}",
        "['headers'] | ['headers']",
      })
  void masksTheHeadersThatCarryCredentials(String payload, String shown) {
    String json = payload.replace('\'', '"');

    assertThat(shown("http", json)).isEqualTo(shown.replace('\'', '"'));
    assertThat(shown("add", json)).isEqualTo(json);
  }

  private String shown(String type, String payload) {
    Job job = Job.builder(id, JobSpec.of(type, payload), Instant.EPOCH).build();
    return api.redaction.show(Caller.anonymous("here"), job).job().spec().payload();
  }

  @Test
  void noReadShowsThemAndTheStoreHasThem() {
    Answer submitted =
        http.post(
            "/v1/jobs",
            "{\"type\":\"http\",\"payload\":{\"url\":\"http://e.com\",\"headers\":"
                + "{\"aUTHORIZATION\":\"s3cret\",\"x\":\"y\"}}}");
    String id = submitted.string("id");

    for (Answer answer :
        new Answer[] {
          submitted,
          http.get("/v1/jobs/" + id),
          http.get("/v1/jobs?type=http"),
          http.get("/results/" + id),
          http.post("/v1/jobs/" + id + "/cancel", ""),
          http.post("/v1/jobs/" + id + "/retry", "")
        }) {
      assertThat(answer.status()).as(answer.text()).isLessThan(300);
      assertThat(answer.text()).doesNotContain("s3cret");
    }
    assertThat(http.get("/v1/jobs/" + id).json().at("/payload/headers/aUTHORIZATION").textValue())
        .isEqualTo("[REDACTED]");
    assertThat(http.get("/v1/jobs/" + id).json().at("/payload/headers/x").textValue())
        .isEqualTo("y");
    api.change(
        id,
        job -> {
          assertThat(job.spec().payload()).contains("s3cret");
          return job.start(api.clock.instant());
        });
  }

  @Test
  void fieldsThatATypeNamesAreMaskedInEveryReadAlsoWhereTheResultHasTheirValues() {
    String payload =
        "{\"password\":\"hunter-22\",\"cards\":[{\"number\":4711471147},{\"number\":\"4712-4712\"}],\"a\":1}";
    Answer submitted = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":" + payload + "}");
    String job = submitted.string("id");
    api.change(job, queued -> queued.start(api.clock.instant()));
    api.change(
        job,
        running ->
            running.succeed(
                "{\"said\":\"it is hunter-22!\",\"n\":4711471147}",
                "hunter-22",
                api.clock.instant()));

    for (Answer answer :
        new Answer[] {
          submitted,
          http.get("/v1/jobs/" + job),
          http.get("/v1/jobs/" + job + "/result"),
          http.get("/results/" + job)
        }) {
      assertThat(answer.status()).as(answer.text()).isLessThan(300);
      assertThat(answer.text()).doesNotContain("hunter", "4711", "4712-").contains("[REDACTED]");
    }
    assertThat(http.get("/v1/jobs/" + job).json().at("/payload").toString())
        .isEqualTo(
            "{\"password\":\"[REDACTED]\",\"cards\":[{\"number\":\"[REDACTED]\"},"
                + "{\"number\":\"[REDACTED]\"}],\"a\":1}");
    assertThat(http.get("/v1/jobs/" + job + "/result").text())
        .isEqualTo("{\"said\":\"it is [REDACTED]!\",\"n\":\"[REDACTED]\"}");
  }

  @Test
  void theMaskIsNotTakenForAValue() {
    Answer refused =
        http.post(
            "/v1/jobs",
            "{\"type\":\"echo\",\"payload\":{\"cards\":[{\"number\":1},{\"number\":\"[REDACTED]\"}]}}");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().at("/pointer").textValue()).isEqualTo("/payload/cards/1/number");
    assertThat(
            http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":{\"a\":\"[REDACTED]\"}}")
                .status())
        .isEqualTo(202);
  }

  @Test
  void aPullWorkerGetsSecretsAsTheyAreAndWhatItTellsOfThemIsMasked() {
    String job =
        http.post(
                "/v1/jobs",
                "{\"type\":\"echo\",\"queue\":\"pulled\",\"payload\":{\"password\":\"hunter-22\"},"
                    + "\"retry\":{\"max_attempts\":1}}")
            .string("id");
    api.ready(job);
    Answer leased = http.post("/v1/queues/pulled/lease", "{\"worker\":\"w\"}");
    assertThat(leased.json().at("/leases/0/payload/password").textValue()).isEqualTo("hunter-22");
    String lease = "/v1/leases/" + leased.json().at("/leases/0/id").textValue();

    http.post(lease + "/progress", "{\"percent\":1,\"message\":\"with hunter-22\"}");
    http.post(lease + "/fail", "{\"message\":\"no hunter-22\",\"trace\":\"at hunter-22\"}");

    assertThat(http.get("/v1/jobs/" + job).string("error")).isEqualTo("no [REDACTED]");
    api.change(
        job,
        failed -> {
          assertThat(failed.error()).as("as it is stored").isEqualTo("no [REDACTED]");
          return failed.retry(api.clock.instant());
        });
    assertThat(http.get("/v1/jobs/" + job).text()).doesNotContain("hunter");
  }
}
