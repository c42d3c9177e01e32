package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.rest.Http.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest extends ApiTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'url':'u','headers':{'Authorization':'Bearer x','A':'b'}} | {'url':'u','headers':{'Authorization':'***','A':'b'}}",
        "{'headers': {'COOKIE' : 'c' , 'x-API-key':'k'}, 'url':'u'} | {'headers': {'COOKIE' : '***' , 'x-API-key':'***'}, 'url':'u'}",
        "{'headers':{'Proxy-Authorization':['a','b']}} | {'headers':{'Proxy-Authorization':'***'}}",
        "{'headers':{'X-Auth-Token':'t','PRIVATE-TOKEN':'t','apikey':'k'}} | {'headers':{'X-Auth-Token':'***','PRIVATE-TOKEN':'***','apikey':'***'}}",
        "{'headers':{'X-Hub-Signature-256':'s','X-Client-Secret':'s','Idempotency-Key':'k'}} | {'headers':{'X-Hub-Signature-256':'***','X-Client-Secret':'***','Idempotency-Key':'k'}}",
        "{'headers':{'authorization':12.50}} | {'headers':{'authorization':'***'}}",
        "{'headers':{'authorization':{'a':1}},'x':1} | {'headers':{'authorization':'***'},'x':1}",
        "{'\\u0068eaders':{'\\u0041uthorization':'x'}} | {'\\u0068eaders':{'\\u0041uthorization':'***'}}",
        "{'headers':{'authorization':'a\\'b'}} | {'headers':{'authorization':'***'}}",
        "{'body':{'headers':{'authorization':'x'}}} | {'body':{'headers':{'authorization':'x'}}}",
        "{'headers':'authorization'} | {'headers':'authorization'}",
        "{'headers':{'X':'authorization'}} | {'headers':{'X':'authorization'}}",
        "['headers'] | ['headers']",
      })
  void masksTheHeadersThatCarryCredentials(String payload, String shown) {
    String json = payload.replace('\'', '"');

    assertThat(Secrets.masked(JobSpec.of("http", json))).isEqualTo(shown.replace('\'', '"'));
    assertThat(Secrets.masked(JobSpec.of("echo", json))).isEqualTo(json);
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
        .isEqualTo("***");
    assertThat(http.get("/v1/jobs/" + id).json().at("/payload/headers/x").textValue())
        .isEqualTo("y");
    api.change(
        id,
        job -> {
          assertThat(job.spec().payload()).contains("s3cret");
          return job.start(api.clock.instant());
        });
  }
}
