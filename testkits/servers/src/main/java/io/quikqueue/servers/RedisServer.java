package io.quikqueue.servers;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real Redis 6.2: append-only file, synced every second, and no eviction. */
public final class RedisServer extends Server {

  private static final String USER = "quikqueue";

  /**
   * All that the ready queue and its scripts call, on keys and channels whose prefix is in braces.
   */
  private static final String MAY =
      "~{*}:* resetchannels &{*}:* -@all +eval +evalsha +subscribe +unsubscribe +publish +ping"
          + " +select +info +time +exists +get +set +del +unlink +incrby +hget +hmget +hset +hdel"
          + " +hincrby +hlen +sadd +smembers +zadd +zcard +zcount +zpopmin +zrange +zrangebyscore"
          + " +zrem +zremrangebyscore +zscore";

  private final @Nullable String password;

  private RedisServer(ServerOptions options, @Nullable String password) {
    super("redis", options);
    this.password = password;
  }

  /**
   * Starts one that whoever reaches its port may use, and waits until it answers; {@code memoryMb}
   * 0 means no limit.
   */
  public static RedisServer start(ServerOptions options) {
    return started(new RedisServer(options, null));
  }

  /**
   * The same with one user, who has a password and may call what the ready queue needs and nothing
   * else. The password is made once per directory and kept there, readable by its owner only.
   */
  public static RedisServer startLocked(ServerOptions options) {
    try {
      return started(new RedisServer(options, Secrets.passwordIn(passwordFile(options.dir()))));
    } catch (IOException e) {
      throw ServerException.because("cannot keep a password in " + options.dir(), e);
    }
  }

  private static RedisServer started(RedisServer server) {
    server.start();
    return server;
  }

  private static Path passwordFile(Path dir) {
    return dir.resolve("password");
  }

  /** {@code redis://127.0.0.1:PORT/0}, with user and password when it has one. */
  public String uri() {
    String credentials = password == null ? "" : USER + ":" + password + "@";
    return "redis://" + credentials + host() + ":" + port() + "/0";
  }

  @Override
  List<String> prepare() throws IOException {
    List<String> command = new ArrayList<>(List.of(Binaries.redis().toString()));
    if (password != null) {
      Path users = dir().resolve("users.conf"); // on the command line everybody could read it
      Secrets.write(users, "user default off\nuser %s on >%s %s\n".formatted(USER, password, MAY));
      command.add(users.toString());
    }
    command.addAll(
        List.of(
            "--bind",
            host(),
            "--port",
            Integer.toString(port()),
            "--dir",
            data().toString(),
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--save",
            "",
            "--maxmemory-policy",
            "noeviction",
            "--maxmemory",
            memoryMb(0) + "mb"));
    return command;
  }

  @Override
  boolean answers() throws IOException {
    try (Socket socket = connect()) {
      String login = password == null ? "" : "AUTH " + USER + " " + password + "\r\n";
      socket.getOutputStream().write((login + "PING\r\n").getBytes(StandardCharsets.US_ASCII));
      // While it reads its file back it answers -LOADING.
      String answers = password == null ? "+PONG\r\n" : "+OK\r\n+PONG\r\n";
      byte[] read = socket.getInputStream().readNBytes(answers.length());
      return new String(read, StandardCharsets.US_ASCII).equals(answers);
    }
  }
}
