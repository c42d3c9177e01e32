package io.quikqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line against a service that answers what it is told to. */
class CliTest {

  private static final String JOB = "0193512d-8c3e-7a4b-9f10-2b6f3c1d5e70";

  @TempDir private Path folder;
  private final List<String> requests = new ArrayList<>();
  private final Deque<String> answers = new ArrayDeque<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private int status = 200;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String key = exchange.getRequestHeaders().getFirst("authorization");
    String idempotency = exchange.getRequestHeaders().getFirst("idempotency-key");
    requests.add(
        "%s %s%s%s%s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                body.isEmpty() ? "" : " " + body,
                key == null ? "" : " " + key,
                idempotency == null ? "" : " " + idempotency));
    String text = answers.size() > 1 ? answers.remove() : answers.isEmpty() ? "{}" : answers.peek();
    byte[] answer = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private int run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--url=http://127.0.0.1:" + server.getAddress().getPort());
    return Cli.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(new String[0]));
  }

  @Test
  void aJobIsSubmittedAsItIsDescribed() throws IOException {
    answers.add("{\"id\":\"%s\"}".formatted(JOB));
    Path key = Files.writeString(folder.resolve("key"), "secret\n");

    int code =
        run(
            "job",
            "submit",
            "echo",
            "-p",
            "{\"a\":1.10}",
            "--queue",
            "mail",
            "--priority",
            "2",
            "--delay",
            "10s",
            "--label",
            "a=b=c",
            "--max-attempts",
            "3",
            "--idempotency-key",
            "k 1",
            "--key-file",
            key.toString());

    assertThat(code).isZero();
    assertThat(out).hasToString(JOB + "\n");
    assertThat(requests)
        .containsExactly(
            "POST /v1/jobs {\"type\":\"echo\",\"payload\":{\"a\":1.10},\"queue\":\"mail\","
                + "\"delay\":\"10s\",\"priority\":2,\"retry\":{\"max_attempts\":3},"
                + "\"labels\":{\"a\":\"b=c\"}} Bearer secret k 1");
  }

  @Test
  void aPayloadComesFromAFile() throws IOException {
    Path payload = Files.writeString(folder.resolve("payload.json"), "[1, \"ä\"]");

    assertThat(run("job", "submit", "echo", "-p", "@" + payload)).isZero();

    assertThat(requests.getFirst()).endsWith("\"payload\":[1,\"ä\"]}");
  }

  @ParameterizedTest
  @CsvSource({"DONE, 0", "FAILED, 4", "CANCELLED, 4"})
  void watchingEndsWithTheJob(String state, int code) {
    answers.add("{\"state\":\"QUEUED\",\"waiting_for\":\"queue \\\"mail\\\" is paused\"}");
    answers.add("{}");
    answers.add("{\"id\":\"%s\",\"state\":\"%s\",\"attempt\":1}".formatted(JOB, state));

    assertThat(run("job", "watch", JOB)).isEqualTo(code);

    assertThat(out.toString().lines())
        .containsExactly(
            "QUEUED: queue \"mail\" is paused",
            "id       " + JOB,
            "state    " + state,
            "attempt  1");
    assertThat(requests)
        .containsExactly(
            "GET /v1/jobs/" + JOB,
            "GET /v1/jobs/" + JOB + "/result?wait=1s",
            "GET /v1/jobs/" + JOB);
  }

  @Test
  void whyShowsEachCheckAndTheFirstThatHolds() {
    answers.add(
        "{\"state\":\"QUEUED\",\"waiting_for\":\"it is paused\",\"waiting\":["
            + "{\"code\":\"due\",\"passed\":true},{\"code\":\"queue_paused\",\"passed\":false}]}");

    assertThat(run("job", "why", JOB)).isZero();

    assertThat(out).hasToString("it is paused\n  passed due\n  held   queue_paused\n");
  }

  @Test
  void aListIsATableWithItsNextPage() {
    answers.add(
        "{\"jobs\":[{\"id\":\"%s\",\"state\":\"DONE\",\"type\":\"echo\",\"queue\":\"mail\",\"attempt\":1,"
                .formatted(JOB)
            + "\"created_at\":\"2030-01-31T09:30:00.123456Z\",\"note\":null,\"error\":\"a\\u001b[31m"
            + "\\u202eb\"}],\"next\":\"n1\"}");

    assertThat(run("job", "list", "--queue", "a b", "--label", "x=y", "--limit", "1")).isZero();

    assertThat(requests).containsExactly("GET /v1/jobs?queue=a%20b&label=x%3Ay&limit=1");
    assertThat(out.toString().lines())
        .containsExactly(
            "ID                                    STATE  TYPE  QUEUE  ATTEMPT  CREATED           "
                + "    NOTE  ERROR",
            JOB + "  DONE   echo  mail   1        2030-01-31T09:30:00Z        a\\u001b[31m\\u202eb",
            "… more with --after n1");
  }

  @Test
  void jsonAndYamlShowAllOfAnAnswer() {
    answers.add("{\"queues\":[{\"queue\":\"a\\u009bb\",\"in_per_second\":1.50}]}");

    assertThat(run("queue", "list", "-o", "json")).isZero();
    assertThat(run("queue", "list", "-o", "yaml")).isZero();

    assertThat(out.toString())
        .contains("\"queue\" : \"a\\u009bb\",\n    \"in_per_second\" : 1.50\n")
        .contains("queues:\n- queue: ")
        .doesNotContain("\u009b");
  }

  @Test
  void aRefusalIsToldInALineWithItsFields() {
    status = 422;
    answers.add(
        "{\"title\":\"Invalid job\",\"detail\":\"2 fields\",\"errors\":["
            + "{\"pointer\":\"/queue\",\"detail\":\"is\\nno name\"}]}");

    assertThat(run("job", "submit", "echo")).isEqualTo(Cli.REFUSED);

    assertThat(err)
        .hasToString("quikqueue: Invalid job (422): 2 fields; /queue is\\u000ano name\n");
  }

  @Test
  void aServiceThatIsNotThereIsToldApart() {
    server.stop(0);

    assertThat(run("job", "get", JOB)).isEqualTo(Cli.UNREACHABLE);

    assertThat(err.toString()).startsWith("quikqueue: nothing listens on http://127.0.0.1:");
  }

  @Test
  void whatIsNoQuikQueueIsNamed() {
    answers.add("<html>");

    assertThat(run("job", "get", JOB)).isEqualTo(Cli.REFUSED);

    assertThat(err.toString()).contains("is no QuikQueue");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "job",
        "jobs list",
        "job get",
        "job submit",
        "job submit echo -p {a",
        "job submit echo -p @missing",
        "job submit echo --priority high",
        "job list -o xml",
        "job get x --key-file missing",
        "stats --queue a --type b"
      })
  void wrongUseHasItsExitCode(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(Cli.MISUSED);

    assertThat(err.toString()).startsWith("quikqueue: ").contains("--help` says more");
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "job", "job submit", "queue", "workflow show", "stats"})
  void everyCommandHasHelp(String line) {
    List<String> args = new ArrayList<>(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    args.add("--help");

    int code =
        Cli.run(
            new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(new String[0]));

    assertThat(code).isZero();
    assertThat(out.toString()).startsWith("Usage: quikqueue " + line);
  }

  @ParameterizedTest
  @CsvSource({
    "queue pause mail --note why, POST /v1/queues/mail/pause {\"note\":\"why\"}, mail is paused",
    "queue resume mail, POST /v1/queues/mail/resume, mail goes on",
    "worker drain w1, POST /v1/workers/w1/drain {}, w1 drains",
    "worker resume w1, POST /v1/workers/w1/resume, w1 goes on",
    "schedule pause s, POST /v1/schedules/s/pause {}, s is paused",
    "schedule trigger s, POST /v1/schedules/s/trigger, s was triggered"
  })
  void aChangeSaysWhatItDid(String line, String request, String said) {
    assertThat(run(line.split(" "))).isZero();

    assertThat(requests).containsExactly(request);
    assertThat(out).hasToString(said + "\n");
  }

  @Test
  void logsAreFollowedUntilTheJobEnds() {
    String line = "{\"at\":\"2030-01-31T09:30:00Z\",\"text\":\"%s\"}";
    answers.add(
        "{\"state\":\"RUNNING\",\"lines\":[%s],\"next\":1}".formatted(line.formatted("one")));
    answers.add("{\"state\":\"DONE\",\"lines\":[%s],\"next\":2}".formatted(line.formatted("two")));
    answers.add("{\"state\":\"DONE\",\"lines\":[],\"next\":2}");

    assertThat(run("job", "logs", JOB, "--follow")).isZero();

    assertThat(out).hasToString("2030-01-31T09:30:00Z  one\n2030-01-31T09:30:00Z  two\n");
    assertThat(requests.get(1)).endsWith("/logs?after=1&wait=20s");
  }
}
