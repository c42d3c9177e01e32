package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitNodesTest extends ApiTest {

  private static final String WAITS =
      "{\"jobs\":[{\"wait\":%s},{\"type\":\"echo\",\"payload\":1}]}";

  @Test
  void aNodeMayWaitInThePlaceOfAJob() {
    String path = chain("{\"signal\":\"go\",\"timeout\":\"1h\"}");

    JsonNode shown = http.get(path).json();
    assertThat(shown.at("/nodes/0/state").textValue()).isEqualTo("SCHEDULED");
    JsonNode job = http.get("/v1/jobs/" + shown.at("/nodes/0/job_id").textValue()).json();
    assertThat(job.path("type").textValue()).isEqualTo("wait");
    assertThat(job.at("/payload/signal").textValue()).isEqualTo("go");

    JsonNode sent = http.post(path + "/signals/go", "{\"payload\":{\"by\":\"ann\"}}").json();

    assertThat(sent.path("taken").booleanValue()).isTrue();
    JsonNode after = http.get(path).json();
    assertThat(after.at("/nodes/0/state").textValue()).isEqualTo("DONE");
    assertThat(after.at("/nodes/1/state").textValue()).isEqualTo("QUEUED");
  }

  @Test
  void theSameSignalUnderAKeyIsOneSignalAndAnotherIsRefused() {
    String signals = chain("{\"signal\":\"go\",\"timeout\":\"1h\"}") + "/signals/go";

    Answer first = http.post(signals, "{\"payload\":1}", "Idempotency-Key", "k");
    Answer again = http.post(signals, "{\"payload\":1}", "Idempotency-Key", "k");
    Answer other = http.post(signals, "{\"payload\":2}", "Idempotency-Key", "k");

    assertThat(first.status()).as(first.text()).isEqualTo(202);
    assertThat(again.json().path("repeated").booleanValue()).isTrue();
    assertThat(other.status()).isEqualTo(422);
  }

  @Test
  void aWorkflowThatHasEndedTakesNoSignal() {
    String path = chain("{\"signal\":\"go\",\"timeout\":\"1h\"}");
    http.post(path + "/cancel", "");

    assertThat(http.post(path + "/signals/go", "").status()).isEqualTo(409);
    assertThat(http.post("/v1/workflows/" + UNKNOWN_ID + "/signals/go", "").status())
        .isEqualTo(404);
    assertThat(http.post(path + "/signals/g%20o", "").status()).isEqualTo(400);
    assertThat(http.post(path + "/signals/go", "{\"a\":1}").status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | for",
        "1 | wait",
        "{\"for\":\"1h\",\"signal\":\"go\",\"timeout\":\"1h\"} | for",
        "{\"for\":\"367d\"} | for",
        "{\"for\":1} | for",
        "{\"for\":\"1h\",\"timeout\":\"1h\"} | timeout",
        "{\"for\":\"1h\",\"on_timeout\":\"fail\"} | on_timeout",
        "{\"until\":\"tomorrow\"} | until",
        "{\"signal\":\"go\"} | timeout",
        "{\"signal\":\"g o\",\"timeout\":\"1h\"} | signal",
        "{\"signal\":\"go\",\"timeout\":\"367d\"} | timeout",
        "{\"signal\":\"go\",\"timeout\":\"1h\",\"on_timeout\":\"x\"} | on_timeout",
        "{\"signal\":\"go\",\"timeout\":\"1h\",\"x\":1} | x",
      })
  void whatIsWrongOfAWaitIsNamed(String wait, String field) {
    Answer refused = http.post("/v1/chains", WAITS.formatted(wait));

    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.text()).contains("jobs.0.wait").contains(field);
  }

  @Test
  void aWaitHasNothingOfAJob() {
    Answer refused =
        http.post(
            "/v1/chains",
            "{\"jobs\":[{\"wait\":{\"for\":\"1h\"},\"type\":\"echo\",\"payload\":1}]}");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("jobs.0.type", "jobs.0.payload");
  }

  private String chain(String wait) {
    Answer made = http.post("/v1/chains", WAITS.formatted(wait));
    assertThat(made.status()).as(made.text()).isEqualTo(202);
    return made.header("location");
  }
}
