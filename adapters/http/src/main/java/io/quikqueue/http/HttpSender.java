package io.quikqueue.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request to an address that was chosen before. It never looks a name up, follows a
 * redirect, repeats a request, or keeps cookies; the name in the URL is still what the Host header
 * and TLS (server name and certificate) speak of.
 */
final class HttpSender implements AutoCloseable {

  private static final int MAX_HEADER_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 200;
  private static final TimeValue IDLE = TimeValue.ofSeconds(10);

  private final HttpConfig config;
  private @Nullable CloseableHttpClient client;
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
      client = build();
    }
  }

  private synchronized CloseableHttpClient client() throws IOException {
    if (client == null || closed) {
      throw new IOException("the client is closed");
    }
    return client;
  }

  private CloseableHttpClient build() {
    Timeout connect = Timeout.of(config.getConnectTimeout().toJavaDuration());
    PoolingHttpClientConnectionManager connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new NoLookups())
            .setMaxConnTotal(config.getMaxConnections())
            .setMaxConnPerRoute(config.getMaxConnectionsPerHost())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(connect)
                    .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                    .build())
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connect).build())
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(
                        Http1Config.custom()
                            .setMaxLineLength(MAX_HEADER_LINE)
                            .setMaxHeaderCount(MAX_HEADERS)
                            .build())
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .setUserAgent(config.getUserAgent())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .evictExpiredConnections()
        .evictIdleConnections(IDLE)
        .build();
  }

  /**
   * Sends the call and reads the answer.
   *
   * @param headers beside those of the call, which come first where both have one
   * @param maxBytes what is read of the answer's body; a longer one is cut
   * @param limit how long to wait for a connection of the pool; nothing else is limited here
   * @param started is given the request before it is sent; cancelling it ends the call
   */
  HttpAnswer send(
      HttpCall call,
      InetAddress address,
      Map<String, String> headers,
      int maxBytes,
      Duration limit,
      Consumer<HttpUriRequestBase> started)
      throws IOException {
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), call.url());
    request.setConfig(
        RequestConfig.custom()
            .setProtocolUpgradeEnabled(false)
            .setConnectionRequestTimeout(Timeout.of(limit))
            .build());
    headers.forEach(request::setHeader);
    call.headers().forEach(request::setHeader);
    String body = call.body();
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), null));
    }
    started.accept(request);
    HttpHost target =
        new HttpHost(call.url().getScheme(), address, call.url().getHost(), call.port());
    ClassicHttpResponse response = client().executeOpen(target, request, null);
    try {
      byte[] read = read(response.getEntity(), maxBytes);
      if (read.length > maxBytes) {
        request.cancel(); // else closing the response would read the rest
      }
      Header contentType = response.getFirstHeader(HttpHeaders.CONTENT_TYPE);
      return HttpAnswer.of(
          response.getCode(),
          contentType == null ? null : contentType.getValue(),
          Arrays.copyOf(read, Math.min(read.length, maxBytes)),
          read.length > maxBytes);
    } finally {
      Closer.closeQuietly(response);
    }
  }

  private static byte[] read(@Nullable HttpEntity entity, int maxBytes) throws IOException {
    if (entity == null) {
      return new byte[0];
    }
    InputStream content = entity.getContent();
    return content == null ? new byte[0] : content.readNBytes(maxBytes + 1);
  }

  @Override
  public synchronized void close() {
    closed = true;
    Closer.closeQuietly(client);
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
