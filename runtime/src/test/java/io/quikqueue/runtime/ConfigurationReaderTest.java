package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.quikqueue.rest.SubmitConfig;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {

  private static final String SERVER =
      """
      server:
        type: simple
        connector:
          type: http
          port: ${PORT:-8000}
      """;

  @TempDir Path dir;
  private final Map<String, String> values = new HashMap<>();

  static final class Config extends ProcessConfiguration {
    @JsonProperty String password = "";
    @JsonProperty @Valid @NotNull WorkerConfig worker = new WorkerConfig();

    @JsonProperty @Valid @NotNull SubmitConfig submit = new SubmitConfig();

    @JsonProperty
    @Min(3)
    int least = 3;
  }

  @Test
  void aValueTakesTheTypeOfItsPlace() throws Exception {
    values.putAll(Map.of("PORT", "9", "PASSWORD", "12345", "SLOTS", "7", "LEASE", "3s"));
    values.put("PLUGINS", "/a: b?#%/c");

    Config config =
        read(
            SERVER
                + """
                password: ${PASSWORD}
                worker:
                  slots: ${SLOTS}
                  lease: ${LEASE}
                  plugins: ${PLUGINS}
                  http:
                    allow:
                      - ${ALLOW:-[::1]:8392, 127.0.0.0/8}
                """);

    assertThat(config.password).isEqualTo("12345");
    assertThat(config.worker.slots()).isEqualTo(7);
    assertThat(config.worker.lease()).hasSeconds(3);
    assertThat(config.worker.plugins()).isEqualTo(Path.of("/a: b?#%/c"));
    assertThat(config.worker.http().getAllow()).containsExactly("[::1]:8392", "127.0.0.0/8");
  }

  @Test
  void queuesAreAListOrHaveWeights() throws Exception {
    WorkerConfig list = read(SERVER + "worker: {queues: [mail, reports]}\n").worker;
    assertThat(list.queues()).containsExactlyInAnyOrder("mail", "reports");
    assertThat(list.weights()).isEmpty();
    WorkerConfig weighted = read(SERVER + "worker: {queues: {mail: 100, reports: 1}}\n").worker;
    assertThat(weighted.queues()).containsExactlyInAnyOrder("mail", "reports");
    assertThat(weighted.weights()).isEqualTo(Map.of("mail", 100, "reports", 1));
    assertThat(read(SERVER).worker.queues()).isEmpty();
    refused(SERVER + "worker: {queues: {mail: 0}}\n", "worker.queues");
    refused(SERVER + "worker: {queues: {mail: 101}}\n", "worker.queues");
    refused(SERVER + "worker: {queues: {mail: high}}\n", "worker.queues");
    refused(SERVER + "worker: {queues: {\"a b\": 1}}\n", "worker.queues");
    refused(SERVER + "worker: {queues: [\"a b\"]}\n", "worker.queues");
  }

  @Test
  void bindsToLoopbackWhatNamesNoAddress() throws Exception {
    HttpConnectorFactory one =
        (HttpConnectorFactory)
            ((SimpleServerFactory) read(SERVER).getServerFactory()).getConnector();
    assertThat(one.getBindHost()).isEqualTo("127.0.0.1");

    DefaultServerFactory two =
        (DefaultServerFactory)
            read("""
            server:
              applicationConnectors:
                - type: http
              adminConnectors:
                - type: http
                  bindHost: "::1"
            """)
                .getServerFactory();
    assertThat(((HttpConnectorFactory) two.getApplicationConnectors().getFirst()).getBindHost())
        .isEqualTo("127.0.0.1");
    assertThat(((HttpConnectorFactory) two.getAdminConnectors().getFirst()).getBindHost())
        .isEqualTo("::1");
  }

  @Test
  void refusesLevelsThatAreNone() throws Exception {
    String oneOf = " must be one of OFF, ERROR, WARN, INFO, DEBUG, TRACE and ALL, not ";
    refused(SERVER + "logging:\n  level: LOUD\n", "logging.level" + oneOf + "LOUD");
    refused(
        SERVER + "logging:\n  loggers:\n    a.b: quiet\n", "logging.loggers.a.b" + oneOf + "quiet");
    refused(
        SERVER + "logging:\n  loggers:\n    a.b:\n      level: 7\n",
        "logging.loggers.a.b.level" + oneOf + "7");
    refused(
        SERVER + "logging:\n  appenders:\n    - type: console\n      threshold: NONE\n",
        "logging.appenders[0].threshold" + oneOf + "NONE");
    var _ = read(SERVER + "logging:\n  level: info\n  loggers:\n    a: off\n    b: \"OFF\"\n");
  }

  @Test
  void saysInALineWhatIsWrongAndNoSecret() {
    values.putAll(Map.of("PORT", "abc", "PASSWORD", "@S3cret!"));
    refused(SERVER, "server.connector.port (PORT) must be a whole number, not abc");
    values.put("PORT", "1");
    refused(SERVER + "wroker: {}\n", "wroker is no setting of this service; is worker meant?");
    refused(
        SERVER + "consumer: {}\n",
        "consumer is no setting of this service; is it the file of another service?");
    refused(SERVER + "worker:\n  slots: 0\n", "worker.slots must be greater than or equal to 1");
    refused(SERVER + "least: ${LEAST:-2}\n", "least (LEAST) must be greater than or equal to 3");
    refused(SERVER + "worker: ${PASSWORD}\n", "worker (PASSWORD) must be a group of settings");
    refused(SERVER + "password:\n  a: ${PASSWORD}\n", "password must be a");
    refused(SERVER + "password: ${NONE}\n", "password: the variable NONE is not set");
    refused(SERVER + "password: @S3cret!\n", "is no YAML: ");
    refused(SERVER + "password: \"S3cret\n", "is no YAML: ");
    refused(
        SERVER + "worker:\n  lease: 5 parsecs\n",
        "worker.lease must be a time with its unit, such as 500ms, 30s or 5m");
    refused(
        SERVER + "worker:\n  maxResult: 1 parsec\n",
        "worker.maxResult must be a size with its unit, such as 64KiB or 1MiB");
    refused(
        SERVER + "worker:\n  maxResult: 9MiB\n",
        "worker.maxResult must be less than or equal to 8 mebibytes");
    values.put("NAMES", "a.example,http://foo");
    refused(SERVER + "hosts: [\"${NAMES:-}\"]\n", "hosts (NAMES) \"http://foo\" is no host name");
    refused(
        SERVER + "worker:\n  http:\n    allow: [\"http://${PORT}/echo\", \"${NAMES:-}\"]\n",
        "worker.http.allow (NAMES) '");
    values.put("KEYS", "/no/such/file");
    refused(
        SERVER + "worker:\n  http:\n    signingKeyFile: ${KEYS}\n",
        "worker.http.signingKeyFile (KEYS) cannot read /no/such/file: there is no such file");
    refused(
        "password: x\nserver: {}\n",
        "the connectors of server are missing",
        "server.adminConnectors");
  }

  @Test
  void namesNoClassOfJava() {
    String time = " must be a time with its unit, such as 500ms, 30s or 5m";
    refused(SERVER + "worker:\n  lease: 30\n", "worker.lease" + time);
    refused(SERVER + "worker:\n  lease: {a: b}\n", "worker.lease" + time);
    refused(
        SERVER + "worker:\n  maxResult: [1]\n",
        "worker.maxResult must be a size with its unit, such as 64KiB or 1MiB");
    refused(
        SERVER + "worker:\n  queues: mail\n",
        "worker.queues must be names with values, such as {name: value}");
    refused(
        SERVER.replace("type: http", "type: htp"),
        "server.connector has a type that is not known: htp");
    refused(
        SERVER + "logging:\n  appenders:\n    - type: consle\n",
        "logging.appenders[0] has a type that is not known: consle");
    refused(
        SERVER + "logging:\n  appenders:\n    - threshold: INFO\n",
        "logging.appenders[0] needs a type");
  }

  @Test
  void namesTheLineThatIsWrong() {
    refused(SERVER + "worker\n  slots: 1\n", "a.yml:7:8: is no YAML: ");
    refused(SERVER + "password: \" line 1, column 1:\nworker:\n", "a.yml:8:1: is no YAML: ");
    refused(SERVER + "\tleast: 4\n", "a.yml:6:1: is no YAML: ");
  }

  @Test
  void findsAMisspeltServer() {
    refused(SERVER.replace("server:", "sever:"), ": sever is no setting of this service");
    refused("least: 4\n", ": server is missing");
  }

  /** Else the service would start, and refuse every text. */
  @ParameterizedTest
  @CsvSource({
    "type, .x, A-Z a-z 0-9 _ . -",
    "type, a b, A-Z a-z 0-9 _ . -",
    "queue, -x, a-z 0-9 _ . -",
    "queue, Big, a-z 0-9 _ . -",
  })
  void refusesTextsThatCouldBecomeNoJob(String setting, String value, String of) {
    values.put("VALUE", value);
    refused(
        SERVER + "submit:\n  " + setting + ": ${VALUE}\n",
        "submit."
            + setting
            + " (VALUE) must be 1 to 64 of "
            + of
            + ", and begin with a letter or a digit");
  }

  @Test
  void refusesTextsOfNoTypeOrQueue() {
    refused(SERVER + "submit:\n  type:\n", "submit.type must be a string");
    refused(SERVER + "submit:\n  queue: null\n", "submit.queue must be a string");
  }

  @Test
  void refusesWhatStandsThereTwice() {
    refused(SERVER + "least: 4\nleast: 5\n", ": least stands there twice");
    refused(SERVER + "worker:\n  slots: 1\n  slots: 2\n", ": slots stands there twice");
  }

  @Test
  void refusesAFileThatHoldsSomethingElse() {
    for (String other : List.of("[]", "hello", "7", "- server: 1")) {
      refused(other + "\n", "a.yml: must be groups of settings with their names before them");
    }
    refused(
        SERVER.replace("type: simple", "type: complex"),
        "a.yml: server.type must be simple or default, not complex");
  }

  @Test
  void refusesAFileThatHoldsNoSettings() throws IOException {
    refused("", "a.yml: has no settings");
    refused("# nothing\n", "a.yml: has no settings");
    byte[] noText = {(byte) 0xc3, (byte) 0x28, (byte) 0xff, (byte) 0xfe, 'a', ':', ' ', '1'};
    Path file = Files.write(dir.resolve("b.yml"), noText);
    assertThatThrownBy(() -> reader().build(new FileConfigurationSourceProvider(), file.toString()))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("is no text in UTF-8")
        .hasMessageNotContaining("java.")
        .message()
        .hasLineCount(1);
  }

  @Test
  void blamesAWrongPortAndNotWhatHasItInIt() {
    values.put("PORT", "99999");
    refused(
        SERVER + "worker:\n  http:\n    allow: [\"http://127.0.0.1:${PORT}/echo\"]\n",
        "server.connector.port (PORT) must be a number from 0 to 65535, not 99999");
    values.put("PORT", "-1");
    refused(SERVER, "server.connector.port (PORT) must be a number from 0 to 65535, not -1");
    refused(
        """
        server:
          applicationConnectors: [{type: http, port: 8000}]
          adminConnectors: [{type: http, port: 8001}, {type: http, port: 70000}]
        """,
        "server.adminConnectors[1].port must be a number from 0 to 65535, not 70000");
  }

  @Test
  void needsAFile() {
    assertThatThrownBy(() -> reader().build()).isInstanceOf(UsageException.class);
  }

  /** Half of the API is not under it: the requests that come most often. */
  @ParameterizedTest
  @ValueSource(strings = {"/api", "/api/*", "api", "/v1/*"})
  void refusesAPathThatHoldsForPartsOfTheApiOnly(String path) {
    refused(SERVER + "  rootPath: " + path + "\n", "server.rootPath is no setting here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/*"})
  void takesThePathThatIsTheDefault(String path) throws Exception {
    assertThat(read(SERVER + "  rootPath: " + path + "\n").getServerFactory()).isNotNull();
  }

  /** However odd and long the value of a variable: one line, which no terminal obeys. */
  @Test
  void showsValuesOnOneLineWithoutControlCharacters() {
    values.putAll(
        Map.of("PORT", "a\nb\u001b[2J\u009b", "NAMES", "x\r\ny", "SLOTS", "9".repeat(99_999)));
    refused(SERVER, "(PORT) must be a whole number, not a\\u000ab\\u001b[2J\\u009b");
    values.put("PORT", "1");
    refused(
        SERVER + "hosts: [\"${NAMES:-}\"]\n", "hosts (NAMES) \"x\\u000d\\u000ay\" is no host name");
    refused(SERVER + "worker:\n  slots: ${SLOTS}\n", "worker.slots (SLOTS) ");
    refused(
        SERVER + "worker:\n  queueShare: ${NAMES}\n",
        "worker.queueShare (NAMES) must be a number, not x");
  }

  private void refused(String yaml, String... reasons) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(SetupException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .startsWith(dir.resolve("a.yml").toString())
                    .containsAnyOf(reasons)
                    .doesNotContain("S3cret")
                    .hasSizeLessThan(2_000)
                    .doesNotContainPattern("\\p{Cc}"));
  }

  private Config read(String yaml) throws Exception {
    Path file = Files.writeString(dir.resolve("a.yml"), yaml);
    return reader().build(new FileConfigurationSourceProvider(), file.toString());
  }

  /** As an application has it. */
  private ConfigurationFactory<Config> reader() {
    Bootstrap<Config> bootstrap =
        new Bootstrap<>(
            new Application<>() {
              @Override
              public void run(Config config, Environment environment) {}
            });
    Settings.substitute(bootstrap, values);
    return bootstrap
        .getConfigurationFactoryFactory()
        .create(
            Config.class,
            bootstrap.getValidatorFactory().getValidator(),
            bootstrap.getObjectMapper(),
            "dw");
  }
}
