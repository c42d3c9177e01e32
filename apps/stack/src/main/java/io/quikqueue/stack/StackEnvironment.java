package io.quikqueue.stack;

import io.quikqueue.servers.KafkaServer;
import io.quikqueue.servers.MariaDbServer;
import io.quikqueue.servers.RedisServer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The environment variables that the configuration files of the apps refer to. */
final class StackEnvironment {
  static final String HOST = "127.0.0.1";
  static final String PASSWORD = "QQ_DB_PASSWORD";
  static final String ADMIN_PORT = "QQ_ADMIN_PORT";
  static final String ALLOW = "QQ_ALLOW";

  private StackEnvironment() {}

  /** How to reach the servers. */
  static Map<String, String> of(MariaDbServer mariaDb, KafkaServer kafka, RedisServer redis) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("QQ_DB_URL", mariaDb.jdbcUrl());
    settings.put("QQ_DB_USER", mariaDb.user());
    settings.put(PASSWORD, mariaDb.password());
    settings.put("QQ_KAFKA", kafka.bootstrapServers());
    settings.put("QQ_REDIS", redis.uri());
    return settings;
  }

  /**
   * The servers' settings and what an app needs beside them. {@code /submit} calls the api's own
   * echo, which outbound calls may reach beside what the environment allows them.
   */
  static Map<String, String> forApp(Map<String, String> servers, int apiPort, int adminPort) {
    String api = HOST + ":" + apiPort;
    String allowed = System.getenv().getOrDefault(ALLOW, "");
    Map<String, String> settings = new LinkedHashMap<>(servers);
    settings.put("QQ_HOST", HOST);
    settings.put("QQ_PORT", Integer.toString(apiPort));
    settings.put(ADMIN_PORT, Integer.toString(adminPort));
    String echo = "http://%s/echo".formatted(api);
    settings.put("QQ_SUBMIT_URL", echo);
    settings.put(ALLOW, allowed.isBlank() ? echo : echo + "," + allowed);
    return settings;
  }
}
