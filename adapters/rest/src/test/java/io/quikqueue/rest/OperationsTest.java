package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.move.MoveJobs;
import io.quikqueue.domain.usecase.operate.RunOperations;
import io.quikqueue.rest.Http.Answer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationsTest extends ApiTest {

  private static final String PATH = "/v1/operations";

  @AfterEach
  void leaveNoneUnderWay() {
    for (JsonNode each : http.get(PATH).json().path("operations")) {
      http.post(PATH + "/" + each.path("id").textValue() + "/abort", "");
    }
  }

  @Test
  void beginsAndIsFollowedToItsEnd() {
    String first = submitted(",\"queue\":\"one\"");
    submitted(",\"queue\":\"one\",\"labels\":{\"a\":\"b\"}");

    Answer begun =
        http.post(
            PATH, "{\"action\":\"cancel\",\"filter\":{\"queue\":\"one\",\"label\":[\"a:b\"]}}");

    assertThat(begun.status()).isEqualTo(202);
    assertThat(begun.header("location")).isEqualTo(PATH + "/" + begun.string("id"));
    assertThat(begun.header("retry-after")).isEqualTo("1");
    JsonNode json = begun.json();
    assertThat(json.path("action").textValue()).isEqualTo("cancel");
    assertThat(json.at("/filter/queue").textValue()).isEqualTo("one");
    assertThat(json.at("/filter/label/0").textValue()).isEqualTo("a:b");
    assertThat(json.path("state").textValue()).isEqualTo("running");
    assertThat(json.path("by").textValue()).isEqualTo("anonymous");
    assertThat(json.path("seen").intValue()).isZero();

    run();

    JsonNode done = http.get(begun.header("location")).json();
    assertThat(done.path("state").textValue()).isEqualTo("done");
    assertThat(done.path("seen").intValue()).isEqualTo(1);
    assertThat(done.path("changed").intValue()).isEqualTo(1);
    assertThat(done.path("complete").booleanValue()).isTrue();
    assertThat(done.path("ended_at").isTextual()).isTrue();
    assertThat(http.get("/v1/jobs/" + first).string("state")).isEqualTo("QUEUED");
  }

  @Test
  void aDryRunSaysHowManyWouldBeChanged() {
    submitted(",\"queue\":\"two\"");
    String path = begun("{\"action\":\"cancel\",\"filter\":{\"queue\":\"two\"},\"dry_run\":true}");

    run();

    assertThat(http.get(path).json().path("changed").intValue()).isEqualTo(1);
    assertThat(http.get("/v1/jobs?queue=two").json().at("/jobs/0/state").textValue())
        .isEqualTo("QUEUED");
  }

  @Test
  void movesJobsAndSaysWhereTo() {
    String id = submitted(",\"queue\":\"from\"");
    JsonNode priority =
        http.get(
                begun(
                    "{\"action\":\"set_priority\",\"priority\":0,"
                        + "\"filter\":{\"queue\":\"from\"}}"))
            .json();
    assertThat(priority.path("priority").intValue()).isZero();
    assertThat(priority.has("queue")).isFalse();
    run();
    String path = begun("{\"action\":\"move\",\"queue\":\"to\",\"filter\":{\"queue\":\"from\"}}");
    assertThat(http.get(path).string("queue")).isEqualTo("to");

    run();

    assertThat(http.get(path).json().path("changed").intValue()).isEqualTo(1);
    JsonNode job = http.get("/v1/jobs/" + id).json();
    assertThat(job.path("queue").textValue()).isEqualTo("to");
    assertThat(job.path("priority").intValue()).isZero();
  }

  @Test
  void theWordsThatAreRefusedAreToldAsTheyAreWritten() {
    String wrong = "{\"action\":\"x\",\"filter\":{\"state\":\"y\"}}";

    assertThat(http.post(PATH, wrong).json().path("detail").textValue())
        .startsWith("action: must be one of \"cancel\", \"retry\", \"discard\", ")
        .contains("filter.state: must be one of \"WAITING\", \"SCHEDULED\", ");
  }

  @Test
  void isPausedResumedAndAborted() {
    submitted(",\"queue\":\"three\"");
    String path = begun("{\"action\":\"cancel\",\"filter\":{\"queue\":\"three\"},\"rate\":1}");

    assertThat(http.post(path + "/pause", "").string("state")).isEqualTo("paused");
    assertThat(http.post(path + "/pause", "").status()).isEqualTo(200);
    run();
    assertThat(http.get(path).json().path("seen").intValue()).isZero();
    assertThat(http.post(path + "/resume", "").string("state")).isEqualTo("running");
    assertThat(http.post(path + "/abort", "").string("state")).isEqualTo("aborted");
    Answer refused = http.post(path + "/resume", "");
    assertThat(assertProblem(refused, 409, "state-conflict").path("detail").textValue())
        .endsWith("is aborted: cannot resume");
  }

  @Test
  void theyAreListedNewestFirstByPages() {
    String body = "{\"action\":\"cancel\",\"filter\":{\"queue\":\"four\"},\"rate\":1}";
    String first = begun(body);
    String second = begun(body);

    JsonNode page = http.get(PATH + "?limit=1").json();
    assertThat(PATH + "/" + page.at("/operations/0/id").textValue()).isEqualTo(second);
    JsonNode rest = http.get(PATH + "?limit=500&after=" + page.path("next").textValue()).json();
    assertThat(PATH + "/" + rest.at("/operations/0/id").textValue()).isEqualTo(first);
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | action",
        "{'action':'cancel'} | filter",
        "{'action':null,'filter':{'queue':'a'}} | action",
        "{'action':'delete','filter':{'queue':'a'}} | action",
        "{'action':7,'filter':{'queue':'a'}} | action",
        "{'action':'cancel','filter':{}} | filter",
        "{'action':'cancel','filter':null} | filter",
        "{'action':'cancel','filter':[]} | filter",
        "{'action':'cancel','filter':{'state':null}} | filter",
        "{'action':'cancel','filter':{'state':'GONE'}} | filter.state",
        "{'action':'cancel','filter':{'state':3}} | filter.state",
        "{'action':'cancel','filter':{'queue':'A B'}} | filter.queue",
        "{'action':'cancel','filter':{'queue':{}}} | filter.queue",
        "{'action':'cancel','filter':{'type':''}} | filter.type",
        "{'action':'cancel','filter':{'type':[1]}} | filter.type",
        "{'action':'cancel','filter':{'label':'a:b'}} | filter.label",
        "{'action':'cancel','filter':{'label':['a']}} | filter.label",
        "{'action':'cancel','filter':{'label':[':b']}} | filter.label",
        "{'action':'cancel','filter':{'label':['a:b','a:c']}} | filter.label",
        "{'action':'cancel','filter':{'label':['a:b',1]}} | filter.label",
        "{'action':'cancel','filter':{'dead':'x'}} | filter.dead",
        "{'action':'cancel','filter':{'dead':'00112233445566778899AABBCCDDEEFF'}} | filter.dead",
        "{'action':'cancel','filter':{'queue':'a','limit':3}} | filter.limit",
        "{'action':'cancel','filter':{'queue':'a'},'dry_run':'yes'} | dry_run",
        "{'action':'cancel','filter':{'queue':'a'},'rate':0} | rate",
        "{'action':'cancel','filter':{'queue':'a'},'rate':100001} | rate",
        "{'action':'cancel','filter':{'queue':'a'},'rate':1.5} | rate",
        "{'action':'cancel','filter':{'queue':'a'},'rate':99999999999} | rate",
        "{'action':'cancel','filter':{'queue':'a'},'when':'now'} | when",
        "{'action':'move','filter':{'queue':'a'}} | queue",
        "{'action':'move','filter':{'queue':'a'},'queue':null} | queue",
        "{'action':'move','filter':{'queue':'a'},'queue':'A'} | queue",
        "{'action':'move','filter':{'queue':'a'},'queue':'b','priority':1} | priority",
        "{'action':'cancel','filter':{'queue':'a'},'queue':'b'} | queue",
        "{'action':'set_priority','filter':{'queue':'a'}} | priority",
        "{'action':'set_priority','filter':{'queue':'a'},'priority':-1} | priority",
        "{'action':'set_priority','filter':{'queue':'a'},'priority':10} | priority",
        "{'action':'set_priority','filter':{'queue':'a'},'priority':1.5} | priority",
        "[] | body",
      })
  void whatCannotBeIsRefusedAndNamed(String body, String field) {
    Answer answer = http.post(PATH, body.replace('\'', '"'));

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.string("field")).isEqualTo(field);
    assertThat(http.get(PATH).json().at("/operations/0/state").textValue()).isNotEqualTo("running");
  }

  @Test
  void noMoreThanTenAreUnderWay() {
    String body = "{\"action\":\"cancel\",\"filter\":{\"queue\":\"five\"},\"rate\":1}";
    for (int i = 0; i < 10; i++) {
      begun(body);
    }

    assertFieldProblem(http.post(PATH, body), 422, "invalid-value", "action");
  }

  @Test
  void anUnknownOneIsNotFound() {
    for (String verb : List.of("/pause", "/resume", "/abort")) {
      assertProblem(http.post(PATH + "/" + UNKNOWN_ID + verb, ""), 404, "unknown-operation");
      assertFieldProblem(http.post(PATH + "/x" + verb, ""), 400, "invalid-parameter", "id");
      assertThat(http.post(PATH + "/" + UNKNOWN_ID + verb + "?a=b", "").status()).isEqualTo(400);
    }
    assertProblem(http.get(PATH + "/" + UNKNOWN_ID), 404, "unknown-operation");
    assertFieldProblem(http.get(PATH + "?limit=0"), 400, "invalid-parameter", "limit");
    assertFieldProblem(http.get(PATH + "?after=x"), 400, "invalid-parameter", "after");
  }

  @Test
  void takesTheExampleOfTheDocuments() {
    Matcher example =
        Pattern.compile(
                "curl -X POST localhost:8000/v1/operations [^\\n]* -d '(\\{.*?})'", Pattern.DOTALL)
            .matcher(Documents.all());
    assertThat(example.find()).isTrue();

    assertThat(http.get(begun(example.group(1))).string("action")).isEqualTo("retry");
  }

  private String begun(String body) {
    Answer answer = http.post(PATH, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.header("location");
  }

  private void run() {
    var unused =
        new RunOperations(
                api.memory.operations(),
                new ListenedJobStore(api.memory, JobListener.ofEach(job -> {})),
                api.memory.dead(),
                api.clock,
                System::nanoTime,
                api.policiesInForce::refreshed,
                new MoveJobs(
                    api.memory, api.ready, api.clock, api.policiesInForce::refreshed, "operations"))
            .run();
  }
}
