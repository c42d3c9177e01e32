package io.quikqueue.http;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request to an address that was chosen before. It never looks a name up, follows a
 * redirect, repeats a request that a server may have seen, or keeps cookies; the name in the URL is
 * still what the Host header and TLS (server name and certificate) speak of.
 */
final class HttpSender implements AutoCloseable {

  private static final int MAX_HEADER_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 200;
  private static final int MAX_TRAILERS = 8;
  private static final int MAX_EXCERPT = 1_024;
  private static final URI ROOT = URI.create("/");
  private static final TimeValue IDLE = TimeValue.ofSeconds(10);

  private final HttpConfig config;
  private @Nullable CloseableHttpClient client;

  /** Opens a connection for each request. */
  private @Nullable CloseableHttpClient fresh;

  private boolean closed;

  HttpSender(HttpConfig config) {
    this.config = config;
  }

  /**
   * Builds the client unless that was done. It takes long: the certificates that the JDK trusts are
   * read.
   */
  synchronized void prepare() {
    if (client == null && !closed) {
      TlsSocketStrategy tls = DefaultClientTlsStrategy.createDefault();
      client = build(tls).build();
      fresh = build(tls).setConnectionReuseStrategy((request, answer, context) -> false).build();
    }
  }

  private synchronized CloseableHttpClient client(boolean reuse) throws IOException {
    CloseableHttpClient chosen = reuse ? client : fresh;
    if (chosen == null || closed) {
      throw new IOException("the client is closed");
    }
    return chosen;
  }

  private HttpClientBuilder build(TlsSocketStrategy tls) {
    Timeout connect = Timeout.of(config.getConnectTimeout().toJavaDuration());
    PoolingHttpClientConnectionManager connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new NoLookups())
            .setTlsSocketStrategy(tls)
            .setMaxConnTotal(config.getMaxConnections())
            .setMaxConnPerRoute(config.getMaxConnectionsPerHost())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(connect)
                    .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                    .build())
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connect).build())
            .setConnectionFactory(
                new Connections(
                    lines(MAX_TRAILERS),
                    new HeadParserFactory(
                        lines(MAX_HEADERS), (int) config.getMaxResponseHeaders().toBytes())))
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .setRequestExecutor(new StaleDetector())
        .setUserAgent(config.getUserAgent())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .evictExpiredConnections()
        .evictIdleConnections(IDLE);
  }

  private static Http1Config lines(int count) {
    return Http1Config.custom().setMaxLineLength(MAX_HEADER_LINE).setMaxHeaderCount(count).build();
  }

  /**
   * Sends the call and reads the answer. Once its head is there the call has an answer, whatever
   * becomes of the body. A request that met a dead connection of an earlier call, or one with bytes
   * left of it, is sent once more on one of its own.
   *
   * @param headers beside those of the call, which come first where both have one
   * @param bounds whose time limits how long to wait for a connection of the pool and for room;
   *     nothing else is limited here
   * @param progress is told of the request before it is sent, and of the head; cancelling the
   *     request ends the call
   */
  HttpAnswer send(
      HttpCall call,
      InetAddress address,
      Map<String, String> headers,
      Bounds bounds,
      Progress progress)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + bounds.time().toNanos();
    try {
      return send(call, address, request(call, headers, bounds), bounds, deadline, progress, true);
    } catch (StaleConnectionException e) {
      return send(call, address, request(call, headers, bounds), bounds, deadline, progress, false);
    }
  }

  private HttpAnswer send(
      HttpCall call,
      InetAddress address,
      HttpUriRequestBase request,
      Bounds bounds,
      long deadline,
      Progress progress,
      boolean reuse)
      throws IOException, InterruptedException {
    progress.started(request);
    CallUrl url = call.url();
    HttpHost target = new HttpHost(url.scheme(), address, url.host(), url.port());
    ClassicHttpResponse response = client(reuse).executeOpen(target, request, null);
    try {
      progress.headRead();
      RawBody body = body(call, response, bounds, deadline);
      if (body.end() != RawBody.End.WHOLE) {
        request.cancel(); // else closing the response would read the rest
      }
      return new HttpAnswer(
          response.getCode(),
          header(response, HttpHeaders.CONTENT_TYPE),
          header(response, HttpHeaders.CONTENT_ENCODING),
          header(response, HttpHeaders.RETRY_AFTER),
          body);
    } finally {
      Closer.closeQuietly(response);
    }
  }

  private static HttpUriRequestBase request(
      HttpCall call, Map<String, String> headers, Bounds bounds) {
    CallUrl url = call.url();
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), ROOT);
    request.setScheme(url.scheme());
    request.setAuthority(authority(url));
    request.setPath(url.path() + url.query());
    request.setConfig(
        RequestConfig.custom()
            .setProtocolUpgradeEnabled(false)
            .setConnectionRequestTimeout(Timeout.of(bounds.time()))
            .build());
    headers.forEach(request::setHeader);
    call.headers().forEach(request::setHeader);
    String body = call.body();
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), null));
    }
    return request;
  }

  private static URIAuthority authority(CallUrl url) {
    boolean usual = url.port() == (url.scheme().equals("https") ? 443 : 80);
    return new URIAuthority(url.host(), usual ? -1 : url.port());
  }

  private static RawBody body(
      HttpCall call, ClassicHttpResponse response, Bounds bounds, long deadline)
      throws InterruptedException {
    HttpEntity entity = response.getEntity();
    int status = response.getCode();
    if (entity == null || entity.getContentLength() == 0 || call.method().equals("HEAD")) {
      return RawBody.NONE;
    }
    if (status == 204 || status == 205 || status == 304 || bounds.maxBytes() == 0) {
      return new RawBody(new byte[0], RawBody.End.LEFT);
    }
    int maxBytes =
        call.accepts(status) ? bounds.maxBytes() : Math.min(bounds.maxBytes(), MAX_EXCERPT);
    InputStream content;
    try {
      content = entity.getContent();
    } catch (IOException e) {
      return new RawBody(new byte[0], RawBody.End.BROKEN);
    }
    return content == null
        ? RawBody.NONE
        : RawBody.read(content, maxBytes, bounds.share(), deadline);
  }

  private static @Nullable String header(ClassicHttpResponse response, String name) {
    String value =
        Stream.of(response.getHeaders(name)).map(Header::getValue).collect(joining(", "));
    return value.isBlank() ? null : value;
  }

  /** How far a call has come. */
  interface Progress {

    void started(HttpUriRequestBase request);

    void headRead();
  }

  @Override
  public synchronized void close() {
    closed = true;
    Closer.closeQuietly(client);
    Closer.closeQuietly(fresh);
  }

  /** Proof that the only addresses connected to are those given. */
  private static final class NoLookups implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      throw new UnknownHostException("not looked up here: " + host);
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
      throw new UnknownHostException("not looked up here: " + host);
    }
  }
}
