package io.quikqueue.acceptance.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one process and one server on loopback, and lets everything through until told
 * otherwise: to be slow, to cut connections, to refuse them, to hold back everything, or to spring
 * a {@link Trap} at a certain message. What it holds it never reorders or alters.
 */
final class Proxy implements AutoCloseable {

  private static final int CHUNK = 1 << 18;

  private final ServerSocket listening;
  private final int serverPort;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();
  private final List<Trap> traps = new CopyOnWriteArrayList<>();
  private volatile long delayNanos;
  private volatile boolean refusing;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  Proxy(int serverPort) {
    this.serverPort = serverPort;
    try {
      this.listening = new ServerSocket();
      listening.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Every chunk, of either direction, is this late from now on. */
  void delay(Duration by) {
    delayNanos = by.toNanos();
  }

  /** Ends all connections as they are; new ones are let in. */
  void cut() {
    links.forEach(Link::close);
    release();
  }

  /** Ends all connections and lets none in until {@link #accept(boolean)}. */
  void accept(boolean yes) {
    refusing = !yes;
    if (refusing) {
      cut();
    }
  }

  /** Holds back every request from now on; connections stay. */
  void freeze() {
    gate = new CountDownLatch(1);
  }

  /** Lets go what is held. */
  void thaw() {
    gate.countDown();
  }

  /** Springs once, at the first connection that its messages are seen on. */
  Trap set(Trap newTrap) {
    trap.set(newTrap);
    traps.add(newTrap);
    return newTrap;
  }

  private void release() {
    traps.forEach(each -> each.released.countDown());
    traps.clear();
  }

  /** Everything as at the beginning; what is held goes on. */
  void heal() {
    delayNanos = 0;
    refusing = false;
    trap.set(null);
    thaw();
    release();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    heal();
    cut();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (refusing) {
          client.close();
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // The server is away, or the proxy was closed: the client sees its connection end.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket();
    try {
      server.connect(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), serverPort));
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException e) {
      client.close();
      server.close();
      throw e;
    }
    Link link = new Link(client, server);
    links.add(link);
    if (refusing) { // since it was let in, and perhaps after all were ended
      link.close();
      return;
    }
    Thread.ofVirtual().start(() -> link.pump(client, server, true));
    Thread.ofVirtual().start(() -> link.pump(server, client, false));
  }

  /** What happens to the connection on which a trap springs. */
  enum Then {
    /** The last message is not passed on. */
    HOLD_REQUEST,
    /** The last message is passed on, what is answered is not. */
    HOLD_REPLY,
    /** As HOLD_REPLY, and the connection is ended once an answer has come. */
    SWALLOW_REPLY
  }

  /** Waits for messages that a client sends on one connection, one after the other. */
  static final class Trap {

    private final Then then;
    private final byte[][] messages;
    private final CountDownLatch sprung = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Each message is told by a text in it, compared byte by byte but for letter case. */
    Trap(Then then, String... messages) {
      this.then = then;
      this.messages =
          Arrays.stream(messages)
              .map(message -> lower(message.getBytes(ISO_8859_1)))
              .toArray(byte[][]::new);
    }

    /** Whether it sprang in this time: the request, or its reply, is where it was to be. */
    boolean await(Duration limit) throws InterruptedException {
      return sprung.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private final class Link {

    private final Socket client;
    private final Socket server;
    private @Nullable Trap watched;
    private int seen;
    private volatile @Nullable Trap springing;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void pump(Socket from, Socket to, boolean request) {
      byte[] chunk = new byte[CHUNK];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        int length = in.read(chunk);
        while (length >= 0) {
          if (delayNanos > 0) {
            LockSupport.parkNanos(delayNanos);
          }
          if (request) {
            gate.await();
            beforeRequest(chunk, length);
          } else {
            beforeReply();
          }
          out.write(chunk, 0, length);
          length = in.read(chunk);
        }
      } catch (IOException e) {
        // One side went: so does the other.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        links.remove(this);
      }
    }

    private void beforeRequest(byte[] chunk, int length) throws InterruptedException {
      Trap set = trap.get();
      if (set == null) {
        return;
      }
      if (set != watched) {
        watched = set;
        seen = 0;
      }
      byte[] text = lower(Arrays.copyOf(chunk, length));
      int from = 0;
      while (seen < set.messages.length) {
        int at = indexOf(text, set.messages[seen], from);
        if (at < 0) {
          return;
        }
        from = at + set.messages[seen].length;
        seen++;
      }
      if (!trap.compareAndSet(set, null)) {
        return;
      }
      if (set.then == Then.HOLD_REQUEST) {
        set.sprung.countDown();
        set.released.await();
      } else {
        springing = set;
      }
    }

    private void beforeReply() throws InterruptedException {
      Trap set = springing;
      if (set == null) {
        return;
      }
      springing = null;
      switch (set.then) {
        case HOLD_REPLY -> {
          set.sprung.countDown();
          set.released.await();
        }
        case SWALLOW_REPLY -> {
          set.sprung.countDown();
          close();
        }
        case HOLD_REQUEST -> {}
      }
    }

    void close() {
      try (client;
          server) {
        links.remove(this);
      } catch (IOException e) {
        // Gone is what it should be.
      }
    }
  }

  private static int indexOf(byte[] text, byte[] wanted, int from) {
    for (int at = from; at <= text.length - wanted.length; at++) {
      if (Arrays.equals(text, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] lower(byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (text[i] >= 'A' && text[i] <= 'Z') {
        text[i] += 'a' - 'A';
      }
    }
    return text;
  }
}
