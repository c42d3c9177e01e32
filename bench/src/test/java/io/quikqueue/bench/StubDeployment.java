package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers as a deployment does, without any work: at each look at its counters some of the jobs
 * end, unless jobs that sleep hold the workers, which last for a few looks.
 */
final class StubDeployment implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SLOTS = 7;
  private static final int ENDS_PER_LOOK = 40;
  private static final int DELETES_PER_REQUEST = 150;
  private static final int LOOKS_HELD = 3;

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Integer> calls = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> ids = new ArrayList<>();
  private final Map<String, Integer> submitted = new HashMap<>();
  private final Map<String, Integer> finished = new HashMap<>();
  private final Map<String, Integer> deleted = new HashMap<>();
  private int looksHeld;
  private int submits;

  /** Every so many submits one is refused; 0 = none. */
  private int refuseEvery;

  private boolean finishing = true;
  private boolean holding = true;

  StubDeployment() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext("/v1/jobs", this::jobs);
    server.createContext("/v1/chains", this::chain);
    server.createContext("/v1/queues/", this::queue);
    server.createContext("/v1/workers", this::workers);
    server.setExecutor(threads);
    server.start();
  }

  StubDeployment refusingEvery(int submits) {
    refuseEvery = submits;
    return this;
  }

  StubDeployment finishingNothing() {
    finishing = false;
    return this;
  }

  StubDeployment thatCannotBeHeld() {
    holding = false;
    return this;
  }

  Target target() {
    return Target.of(url());
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized int submitted(String queue) {
    return submitted.getOrDefault(queue, 0);
  }

  private synchronized void jobs(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      answer(exchange, 200, page());
      return;
    }
    JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
    submits++;
    if (refuseEvery > 0 && submits % refuseEvery == 0) {
      answer(exchange, 503, JSON.createObjectNode().put("title", "Overloaded"));
      return;
    }
    ObjectNode all = JSON.createObjectNode();
    ArrayNode items = all.putArray("items");
    for (JsonNode job : body.isArray() ? body : JSON.createArrayNode().add(body)) {
      accept(job, items.addObject());
    }
    answer(exchange, 202, body.isArray() ? all : items.get(0));
  }

  private synchronized void chain(HttpExchange exchange) throws IOException {
    for (JsonNode job : JSON.readTree(exchange.getRequestBody().readAllBytes()).path("jobs")) {
      accept(job, JSON.createObjectNode());
    }
    answer(exchange, 202, JSON.createObjectNode().put("id", "chain"));
  }

  private void accept(JsonNode job, ObjectNode answer) throws IOException {
    String id = "job-" + ids.size();
    submitted.merge(job.path("queue").asText(), 1, Integer::sum);
    String url = job.at("/payload/url").asText();
    if (!url.isEmpty()) {
      call(url, job.at("/payload/body"));
    }
    if (job.path("type").asText().equals("sleep")) {
      looksHeld = holding ? LOOKS_HELD : 0;
    } else {
      ids.add(id);
    }
    answer.put("id", id).put("status", "QUEUED");
  }

  private void call(String url, JsonNode body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      calls.add(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** The answers to the calls that its jobs made. */
  synchronized List<Integer> calls() {
    return List.copyOf(calls);
  }

  private ObjectNode page() {
    ObjectNode page = JSON.createObjectNode();
    ArrayNode jobs = page.putArray("jobs");
    Instant now = Instant.now();
    for (String id : ids.reversed()) {
      jobs.addObject()
          .put("id", id)
          .put("created_at", now.toString())
          .put("started_at", now.plusMillis(2).toString())
          .put("finished_at", now.plusMillis(3).toString());
    }
    page.putNull("next");
    return page;
  }

  /** Some at a time. */
  private ObjectNode delete(String queue) {
    int rest = finished.getOrDefault(queue, 0) - deleted.getOrDefault(queue, 0);
    int now = Math.min(rest, DELETES_PER_REQUEST);
    deleted.merge(queue, now, Integer::sum);
    return JSON.createObjectNode().put("deleted", now).put("next", rest > now ? "job-1" : null);
  }

  synchronized int deleted(String queue) {
    return deleted.getOrDefault(queue, 0);
  }

  private synchronized void queue(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("DELETE")) {
      answer(exchange, 200, delete(path.split("/")[3]));
      return;
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (!submitted.containsKey(name)) {
      answer(exchange, 404, JSON.createObjectNode().put("title", "Unknown queue"));
      return;
    }
    boolean sleepers = name.endsWith("-hold");
    if (!sleepers && looksHeld > 0) {
      looksHeld--;
    } else if (!sleepers && finishing) {
      finished.merge(name, ENDS_PER_LOOK, (a, b) -> Math.min(a + b, submitted(name)));
      finished.computeIfPresent(name, (_, n) -> Math.min(n, submitted(name)));
    } else if (sleepers && looksHeld == 0 && holding) {
      finished.put(name, submitted(name));
    }
    int ended = finished.getOrDefault(name, 0);
    ObjectNode queue = JSON.createObjectNode();
    queue.put("submitted", submitted(name)).put("finished", ended);
    queue
        .putObject("jobs")
        .put("DONE", ended)
        .put("RUNNING", sleepers ? submitted(name) - ended : 0);
    if (sleepers && !holding) {
      finished.put(name, submitted(name));
    }
    answer(exchange, 200, queue);
  }

  private void workers(HttpExchange exchange) throws IOException {
    ObjectNode workers = JSON.createObjectNode();
    ArrayNode all = workers.putArray("workers");
    all.addObject().put("slots", SLOTS).putArray("queues");
    all.addObject().put("slots", 100).putArray("queues").add("another");
    answer(exchange, 200, workers);
  }

  private static void answer(HttpExchange exchange, int status, JsonNode json) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body = json.toString().getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }
}
