package io.quikqueue.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quikqueue.client.NewJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The world outside of QuikQueue that http jobs have effects on: a server that writes down every
 * call it gets, with the job and the attempt it came from. Calls to {@link #held} are answered only
 * after {@link #release}.
 */
final class Effects implements AutoCloseable {

  /** Bounds what is forgotten; the jobs must not end by themselves while a test is slow. */
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(20);

  private static final Duration MOMENT = Duration.ofMillis(30);

  private final HttpServer server;
  private final HttpServer asking;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  private record Running(int now, int most) {
    static final Running NONE = new Running(0, 0);
    static final Running ONE = new Running(1, 1);

    Running plus(int change) {
      return new Running(now + change, Math.max(most, now + change));
    }
  }

  /**
   * A call that arrived.
   *
   * @param event its {@code webhook-id}; null = it is not signed and tells of no event
   * @param nanos when, as {@link System#nanoTime}
   */
  record Call(
      String job,
      int attempt,
      String traceparent,
      String authorization,
      String event,
      String body,
      long nanos) {}

  Effects() {
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      server = HttpServer.create(new InetSocketAddress(loopback, 0), 200);
      asking = HttpServer.create(new InetSocketAddress(loopback, 0), 200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/at-once/", this::answer);
    server.createContext("/held/", this::hold);
    server.createContext("/unavailable/", this::refuse);
    server.createContext("/busy/", exchange -> refuseFirst(exchange, "1"));
    server.createContext("/counted/", this::count);
    server.createContext("/echo/", this::echo);
    server.createContext("/full/", exchange -> refuseFirst(exchange, "3600"));
    server.start();
    asking.setExecutor(threads);
    asking.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestURI().getPath().endsWith("asks")) {
            refuseFirst(exchange, "2");
          } else {
            answer(exchange);
          }
        });
    asking.start();
  }

  /** What the system's list of allowed destinations must have. */
  String allowed() {
    return String.join(
        ",",
        hostAndPort(),
        "localhost:" + server.getAddress().getPort(),
        "127.0.0.1:" + asking.getAddress().getPort());
  }

  /** What the system's list of allowed destinations must name. */
  String hostAndPort() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** A job that has an effect under this key. */
  NewJob job(String key) {
    return NewJob.of("http", Map.of("url", url("at-once", key), "body", Map.of("key", key)));
  }

  /** A job whose effect happens when it starts, and which runs until {@link #release}. */
  NewJob held(String key) {
    return NewJob.of("http", Map.of("url", url("held", key), "timeout", "25m"))
        .timeout(LONGEST_HOLD.plusMinutes(5));
  }

  /** A job whose call is always answered with 503. */
  NewJob unavailable(String key) {
    return NewJob.of("http", Map.of("url", url("unavailable", key)));
  }

  /** A job whose call is answered with 429 and {@code Retry-After: 1}, the first under its key. */
  NewJob busy(String key) {
    return NewJob.of("http", Map.of("url", url("busy", key)));
  }

  /** A job whose call is answered with 429 and a Retry-After of an hour, the first of the key. */
  NewJob full(String key) {
    return NewJob.of("http", Map.of("url", url("full", key)));
  }

  /**
   * A job that calls a host of its own, which answers the first call of a key that ends with {@code
   * asks} with 429 and a Retry-After of two seconds.
   */
  NewJob asking(String key) {
    int port = asking.getAddress().getPort();
    return NewJob.of("http", Map.of("url", "http://127.0.0.1:" + port + "/asking/" + key));
  }

  /** A URL that can be told of events under this key. */
  String hook(String key) {
    return url("at-once", key);
  }

  /** Likewise, at a host of another name. */
  String otherHostsHook(String key) {
    return hook(key).replace("127.0.0.1", "localhost");
  }

  /** As {@link #hook}, but that the first call is answered with 429 and {@code Retry-After: 1}. */
  String busyHook(String key) {
    return url("busy", key);
  }

  /** Likewise, but that calls are answered only after {@link #release}. */
  String heldHook(String key) {
    return url("held", key);
  }

  /** A job that takes a moment, counted among those under this key and of this group that run. */
  NewJob counted(String key, String group) {
    return NewJob.of("http", Map.of("url", url("counted", key + "/" + group))).group(group);
  }

  /** A job with a token, of which the destination tells all that it got; with this status. */
  NewJob echoing(String key, int status, String token) {
    return NewJob.of(
        "http",
        Map.of(
            "url",
            url("echo", key) + "?" + status,
            "headers",
            Map.of("AUTHORization", "Bearer " + token)));
  }

  /** How many jobs under this key, or key/group, ran at once at most. */
  int mostAtOnce(String key) {
    return running.getOrDefault(key, Running.NONE).most();
  }

  /** Lets all jobs held under this key end, also those to come. */
  void release(String key) {
    gate(key).countDown();
  }

  /** In the order of arrival. */
  List<Call> of(String key) {
    return calls.getOrDefault(key, List.of());
  }

  private String url(String way, String key) {
    return "http://" + hostAndPort() + "/" + way + "/" + key;
  }

  private CountDownLatch gate(String key) {
    return gates.computeIfAbsent(key, k -> new CountDownLatch(1));
  }

  private void answer(HttpExchange exchange) throws IOException {
    record(exchange);
    respond(exchange, 200);
  }

  private void hold(HttpExchange exchange) throws IOException {
    String key = record(exchange);
    try {
      boolean released = gate(key).await(LONGEST_HOLD.toSeconds(), TimeUnit.SECONDS);
      respond(exchange, released ? 200 : 500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private void count(HttpExchange exchange) throws IOException {
    String key = record(exchange);
    String all = key.substring(0, key.indexOf('/'));
    List.of(key, all).forEach(name -> running.merge(name, Running.ONE, (now, _) -> now.plus(1)));
    CompletableFuture.delayedExecutor(MOMENT.toMillis(), TimeUnit.MILLISECONDS, threads)
        .execute(
            () -> {
              List.of(key, all).forEach(name -> running.compute(name, (_, now) -> now.plus(-1)));
              try {
                respond(exchange, 200);
              } catch (IOException e) {
                exchange.close(); // its attempt was interrupted
              }
            });
  }

  private void echo(HttpExchange exchange) throws IOException {
    record(exchange);
    int status = Integer.parseInt(exchange.getRequestURI().getQuery());
    String got = exchange.getRequestHeaders().getFirst("Authorization");
    respond(exchange, status, "{\"got\":\"" + got + "\"}");
  }

  private void refuse(HttpExchange exchange) throws IOException {
    record(exchange);
    respond(exchange, 503);
  }

  private void refuseFirst(HttpExchange exchange, String after) throws IOException {
    String key = record(exchange);
    boolean first = of(key).size() == 1;
    if (first) {
      exchange.getResponseHeaders().set("Retry-After", after);
    }
    respond(exchange, first ? 429 : 200);
  }

  private String record(HttpExchange exchange) throws IOException {
    long now = System.nanoTime();
    String path = exchange.getRequestURI().getPath();
    String key = path.substring(path.indexOf('/', 1) + 1);
    var headers = exchange.getRequestHeaders();
    calls
        .computeIfAbsent(key, k -> new CopyOnWriteArrayList<>())
        .add(
            new Call(
                headers.getFirst("QuikQueue-Job-Id"),
                Integer.parseInt(headers.getFirst("QuikQueue-Attempt")),
                headers.getFirst("traceparent"),
                headers.getFirst("Authorization"),
                headers.getFirst("webhook-id"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                now));
    return key;
  }

  private static void respond(HttpExchange exchange, int status) throws IOException {
    respond(exchange, status, "{\"done\":true}");
  }

  private static void respond(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    asking.stop(0);
    threads.shutdownNow();
  }
}
