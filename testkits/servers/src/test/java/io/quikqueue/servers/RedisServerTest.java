package io.quikqueue.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerTest {
  @TempDir Path dir;

  @Test
  void keepsWhatItWasToldOverARestartOnTheSamePort() throws IOException {
    try (RedisServer server = RedisServer.start(ServerOptions.in(dir))) {
      int port = server.port();
      assertThat(ask(server, "SET k v")).isEqualTo("+OK");

      server.restart();

      assertThat(server.port()).isEqualTo(port);
      assertThat(ask(server, "STRLEN k")).isEqualTo(":1");
    }
  }

  @Test
  void aLockedOneServesOneUserAndHimOnlyWhatTheReadyQueueNeeds() throws IOException {
    try (RedisServer server = RedisServer.startLocked(ServerOptions.in(dir))) {
      assertThat(ask(server, "PING")).startsWith("-NOAUTH");
      URI uri = URI.create(server.uri());
      String[] user = uri.getUserInfo().split(":");
      String login = "AUTH " + user[0] + " ";
      assertThat(ask(server, login + "wrong")).startsWith("-WRONGPASS");
      login += user[1] + "\r\n";
      assertThat(ask(server, login + "SET {qq}:epoch 1")).isEqualTo("+OK");
      for (String refused :
          List.of("FLUSHALL", "KEYS *", "CONFIG GET dir", "SET other 1", "DEBUG SLEEP 0")) {
        assertThat(ask(server, login + refused)).as(refused).startsWith("-NOPERM");
      }
      server.restart();
      assertThat(server.uri()).isEqualTo(uri.toString());
      assertThat(ask(server, login + "EXISTS {qq}:epoch")).isEqualTo(":1");
      for (String file : List.of("password", "users.conf")) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(file))))
            .isEqualTo("rw-------");
      }
      assertThat(ProcessHandle.of(server.pid()).orElseThrow().info().commandLine().orElse(""))
          .doesNotContain(user[1]);
    }
  }

  @Test
  void keepsItOverAKillOnceSynced() throws IOException {
    try (RedisServer server = RedisServer.start(ServerOptions.in(dir))) {
      assertThat(ask(server, "SET k v")).isEqualTo("+OK");

      server.kill();
      assertThat(server.isAlive()).isFalse();
      server.start();

      assertThat(ask(server, "STRLEN k")).isEqualTo(":1");
    }
  }

  @Test
  void wipingLeavesItBlank() throws IOException {
    try (RedisServer server = RedisServer.start(ServerOptions.in(dir))) {
      ask(server, "SET k v");

      server.wipe();

      assertThat(ask(server, "DBSIZE")).isEqualTo(":0");
    }
  }

  @Test
  void aNiceOneLeavesTheCoresToOthers() throws IOException {
    try (RedisServer other = RedisServer.start(ServerOptions.in(dir.resolve("other")));
        RedisServer nice = RedisServer.start(ServerOptions.in(dir.resolve("nice")).beingNice())) {
      assertThat(niceness(nice)).isGreaterThan(niceness(other));
      assertThat(ask(nice, "PING")).isEqualTo("+PONG");

      Path group = Path.of("/proc", "" + nice.pid(), "autogroup");
      if (Files.isWritable(group)) { // else this Linux has none
        assertThat(Files.readString(group)).contains("nice 10");
      }
    }
  }

  private static int niceness(Server server) throws IOException {
    String stat = Files.readString(Path.of("/proc", "" + server.pid(), "stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
  }

  @Test
  void aPausedServerAnswersNothingUntilResumed() throws IOException {
    try (RedisServer server = RedisServer.start(ServerOptions.in(dir))) {
      server.pause();
      assertThatThrownBy(() -> ask(server, "PING", 1_000))
          .isInstanceOf(SocketTimeoutException.class);

      server.resume();

      assertThat(ask(server, "PING")).isEqualTo("+PONG");
    }
  }

  @Test
  void refusesWritesAtItsMemoryLimitRatherThanEvicting() throws IOException {
    try (RedisServer server = RedisServer.start(ServerOptions.in(dir).withMemoryMb(1))) {
      assertThat(ask(server, "SETRANGE k 2000000 v")).isEqualTo(":2000001");

      assertThat(ask(server, "SET other v")).startsWith("-OOM");
      assertThat(ask(server, "STRLEN k")).isEqualTo(":2000001");
    }
  }

  @Test
  void saysWhenItsPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, FreePorts.loopback())) {
      assertThatThrownBy(
              () -> RedisServer.start(ServerOptions.in(dir).withPort(taken.getLocalPort())))
          .isInstanceOf(ServerException.class)
          .hasMessage("port " + taken.getLocalPort() + " for redis is in use");
    }
  }

  @Test
  void leavesNoProcessBehindWhenClosed() {
    RedisServer server = RedisServer.start(ServerOptions.in(dir));
    long pid = server.pid();

    server.close();

    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(ProcessHandle.current().descendants().filter(p -> mentions(p, pid))).isEmpty();
  }

  @Test
  void diesWithTheJvmThatStartedItEvenWhenThatIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StartsRedisAndWaits.class.getName(),
                dir.toString())
            .redirectErrorStream(true)
            .start();
    long pid;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      pid = Long.parseLong(out.readLine());
      Optional<ProcessHandle> redis = ProcessHandle.of(pid);
      assertThat(redis).isPresent();

      parent.destroyForcibly();

      assertThat(redis.get().onExit().get(60, TimeUnit.SECONDS).isAlive()).isFalse();
    }
  }

  /** The process to be killed. */
  static final class StartsRedisAndWaits {
    public static void main(String[] args) throws IOException {
      RedisServer server = RedisServer.start(ServerOptions.in(Path.of(args[0])));
      System.out.println(server.pid());
      server.child().await(Duration.ofMinutes(1));
    }
  }

  private static boolean mentions(ProcessHandle process, long pid) {
    return process
        .info()
        .commandLine()
        .filter(line -> line.contains("quikqueue-guard " + pid))
        .isPresent();
  }

  private static String ask(RedisServer server, String command) throws IOException {
    return ask(server, command, 60_000);
  }

  private static String ask(RedisServer server, String command, int patienceMillis)
      throws IOException {
    try (Socket socket = new Socket(server.host(), server.port())) {
      socket.setSoTimeout(patienceMillis);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String answer = answers.readLine();
      for (int i = command.split("\r\n").length; i > 1; i--) {
        answer = answers.readLine();
      }
      return answer;
    }
  }
}
