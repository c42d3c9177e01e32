package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection that is kept open, on a blocking socket. It reads the status, the length
 * and the body of an answer and nothing else, since a general client's time would be taken from the
 * server on the same machine. Connects when first used, and again after a failure. For one thread.
 */
final class HttpConnection implements AutoCloseable {

  private static final int MAX_LINE = 16_384;
  private static final int MAX_BODY = 256 << 20;
  private static final byte[] LENGTH = "content-length:".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "transfer-encoding: chunked".getBytes(US_ASCII);
  private static final byte[] CLOSE = "connection: close".getBytes(US_ASCII);

  private final Target target;
  private final int timeoutMillis;
  private final byte[] buffer = new byte[65_536];
  private final byte[] line = new byte[MAX_LINE];
  private int position;
  private int limit;
  private int lineLength;
  private @Nullable Socket socket;

  /**
   * @param timeout for connecting, and for each wait for bytes of an answer
   */
  HttpConnection(Target target, Duration timeout) {
    this.target = target;
    this.timeoutMillis = Math.toIntExact(timeout.toMillis());
  }

  /** Connects, unless it is connected. */
  void open() throws IOException {
    if (socket == null) {
      socket = connect();
      position = 0;
      limit = 0;
    }
  }

  private Socket connect() throws IOException {
    Socket connecting = new Socket();
    try {
      connecting.setTcpNoDelay(true);
      connecting.setSoTimeout(timeoutMillis);
      connecting.connect(new InetSocketAddress(target.host(), target.port()), timeoutMillis);
      return connecting;
    } catch (IOException e) {
      connecting.close();
      throw e;
    }
  }

  /** Sends a whole request and reads the answer; whether it was received is open when it throws. */
  Answer exchange(byte[] request) throws IOException {
    open();
    Socket open = socket;
    if (open == null) {
      throw new EOFException("not connected");
    }
    boolean whole = false;
    try {
      open.getOutputStream().write(request);
      Answer answer = read(open.getInputStream());
      whole = true;
      return answer;
    } finally {
      if (!whole) {
        close();
      }
    }
  }

  private Answer read(InputStream in) throws IOException {
    int status;
    long length;
    boolean chunked;
    boolean close;
    do {
      status = status(in);
      length = 0;
      chunked = false;
      close = false;
      for (readLine(in); lineLength > 0; readLine(in)) {
        if (startsWith(LENGTH)) {
          length = number(LENGTH.length, 10);
        } else if (startsWith(CHUNKED)) {
          chunked = true;
        } else if (startsWith(CLOSE)) {
          close = true;
        }
      }
    } while (status < 200);
    byte[] body = chunked ? chunks(in) : bytes(in, length);
    if (close) {
      close();
    }
    return new Answer(status, body);
  }

  private int status(InputStream in) throws IOException {
    readLine(in);
    if (lineLength < 12 || line[0] != 'H' || line[8] != ' ') {
      throw new IOException("not an HTTP answer: " + new String(line, 0, lineLength, US_ASCII));
    }
    return (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  }

  private byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      readLine(in);
      long size = number(0, 16);
      if (size == 0) {
        break;
      }
      body.writeBytes(bytes(in, size));
      if (body.size() > MAX_BODY) {
        throw new IOException("the answer is too long");
      }
      readLine(in);
    }
    do {
      readLine(in);
    } while (lineLength > 0);
    return body.toByteArray();
  }

  private byte[] bytes(InputStream in, long length) throws IOException {
    if (length > MAX_BODY) {
      throw new IOException("the answer is too long: " + length + " bytes");
    }
    byte[] bytes = new byte[(int) length];
    int buffered = Math.min(bytes.length, limit - position);
    System.arraycopy(buffer, position, bytes, 0, buffered);
    position += buffered;
    if (in.readNBytes(bytes, buffered, bytes.length - buffered) < bytes.length - buffered) {
      throw new EOFException("the connection was closed within an answer");
    }
    return bytes;
  }

  /** Reads up to the next line feed into {@link #line}, without its end. */
  private void readLine(InputStream in) throws IOException {
    lineLength = 0;
    while (true) {
      if (position == limit) {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        if (limit == 0) {
          throw new EOFException("the connection was closed before the answer");
        }
      }
      byte b = buffer[position++];
      if (b == '\n') {
        break;
      }
      if (lineLength == MAX_LINE) {
        throw new IOException("a line of the answer is too long");
      }
      line[lineLength++] = b;
    }
    if (lineLength > 0 && line[lineLength - 1] == '\r') {
      lineLength--;
    }
  }

  private boolean startsWith(byte[] lowerCase) {
    if (lineLength < lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      byte b = line[i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  /** The number in the line from there on, up to what is no digit. */
  private long number(int from, int radix) throws IOException {
    int at = from;
    while (at < lineLength && line[at] == ' ') {
      at++;
    }
    long number = 0;
    int first = at;
    for (; at < lineLength && number <= MAX_BODY; at++) {
      int digit = Character.digit(line[at], radix);
      if (digit < 0) {
        break;
      }
      number = number * radix + digit;
    }
    if (at == first) {
      throw new IOException("not a length: " + new String(line, 0, lineLength, US_ASCII));
    }
    return number;
  }

  @Override
  public void close() {
    Socket open = socket;
    socket = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing more is expected of it.
      }
    }
  }
}
