package io.quikqueue.servers;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where and how large a server runs.
 *
 * @param dir the server's own directory: data, log and settings; made when missing
 * @param port TCP port on 127.0.0.1; 0 takes a free one
 * @param memoryMb the server's main memory limit in MB (MariaDB's buffer pool and redo log, Redis's
 *     maxmemory, Kafka's heap); 0 leaves the server's default
 * @param nice whether it leaves the cores to others, as {@link ChildProcess#nice} says
 */
public record ServerOptions(Path dir, int port, int memoryMb, boolean nice) {
  /** Refuses a port or size out of range; makes {@code dir} absolute. */
  public ServerOptions {
    Objects.requireNonNull(dir, "dir");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
    }
    if (memoryMb < 0) {
      throw new IllegalArgumentException("memoryMb must not be negative, was " + memoryMb);
    }
    dir = dir.toAbsolutePath().normalize();
  }

  /** A server in {@code dir}, on a free port, with its default memory. */
  public static ServerOptions in(Path dir) {
    return new ServerOptions(dir, 0, 0, false);
  }

  /** The same on another port. */
  public ServerOptions withPort(int newPort) {
    return new ServerOptions(dir, newPort, memoryMb, nice);
  }

  /** The same with another memory limit, in MB. */
  public ServerOptions withMemoryMb(int newMemoryMb) {
    return new ServerOptions(dir, port, newMemoryMb, nice);
  }

  /** The same, leaving the cores to others. */
  public ServerOptions beingNice() {
    return new ServerOptions(dir, port, memoryMb, true);
  }
}
