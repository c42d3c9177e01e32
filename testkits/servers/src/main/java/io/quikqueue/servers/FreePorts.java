package io.quikqueue.servers;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Finds TCP ports of 127.0.0.1 that nobody listens on. */
public final class FreePorts {
  // Below the kernel's ephemeral range: a client that keeps knocking at a dead port of that range
  // can end up
  // connected to itself, and then the server cannot come back on it.
  private static final int LOWEST = 12_000;
  private static final int HIGHEST = 31_999;
  private static final int TRIES = 200;
  private static final int TIMEOUT_MS = 1_000;

  // Each is tried once: nobody listens yet on a port that is kept for a process to be started.
  private static final Set<Integer> TRIED = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /**
   * A port that was free a moment ago, and another one with each call; another process may still be
   * faster.
   */
  public static int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
      if (TRIED.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new ServerException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  /**
   * Whether nobody listens on this port of 127.0.0.1 now. Found out by calling, not by listening
   * for a moment: a child that another thread starts just then would hold that listening socket
   * open a little longer.
   */
  public static boolean isFree(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(loopback(), port), TIMEOUT_MS);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
  }
}
