package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS goes by the name in the URL though the connection goes by the address. */
@Timeout(600)
class HttpsTest {

  private static final String TRUST_STORE = "javax.net.ssl.trustStore";
  private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";
  private static final String PASSWORD = "changeit";

  @TempDir Path directory;

  private final AtomicReference<String> serverName = new AtomicReference<>();
  private HttpsServer server;
  private HttpJobHandler handler;

  @BeforeEach
  void start() throws Exception {
    Path store = directory.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=good.test",
                "-ext",
                "san=dns:good.test",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(180, TimeUnit.SECONDS)).isTrue();
    System.setProperty(TRUST_STORE, store.toString());
    System.setProperty(TRUST_STORE_PASSWORD, PASSWORD);

    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(context.getDefaultSSLParameters());
          }
        });
    server.createContext(
        "/",
        exchange -> {
          ExtendedSSLSession session =
              (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
          session.getRequestedServerNames().stream()
              .map(SNIHostName.class::cast)
              .forEach(name -> serverName.set(name.getAsciiName()));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();

    HttpConfig config = new HttpConfig();
    config.setAllow(List.of("127.0.0.1:" + server.getAddress().getPort()));
    handler = new HttpJobHandler(config, host -> List.of(InetAddress.ofLiteral("127.0.0.1")));
  }

  @AfterEach
  void stop() {
    handler.close();
    server.stop(0);
    System.clearProperty(TRUST_STORE);
    System.clearProperty(TRUST_STORE_PASSWORD);
  }

  private String payload(String host) {
    return "{\"url\": \"https://" + host + ":" + server.getAddress().getPort() + "/\"}";
  }

  @Test
  void namesTheHostAndChecksItsCertificate() throws Exception {
    assertThat(handler.run(OneRun.of(payload("good.test"))).note()).startsWith("HTTP 204");
    assertThat(serverName).hasValue("good.test");

    assertThatExceptionOfType(HttpCallFailedException.class)
        .isThrownBy(() -> handler.run(OneRun.of(payload("other.test"))))
        .withMessageContaining("other.test");
  }
}
