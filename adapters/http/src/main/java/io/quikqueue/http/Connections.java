package io.quikqueue.http;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestWriterFactory;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageWriter;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Makes connections that send no request while bytes are left that no request asked for: a body
 * after an answer to HEAD, or more of one than its Content-Length says. The next call would take
 * them for its answer. Sending fails then, as it does on a connection that is dead. A body whose
 * length cannot be told is read until its connection ends.
 */
final class Connections implements HttpConnectionFactory<ManagedHttpClientConnection> {

  private final Http1Config lines;
  private final HeadParserFactory heads;

  /**
   * @param lines how much is read besides a head: of trailers
   * @param heads reads the heads of answers
   */
  Connections(Http1Config lines, HeadParserFactory heads) {
    this.lines = lines;
    this.heads = heads;
  }

  @Override
  public ManagedHttpClientConnection createConnection(Socket socket) throws IOException {
    AtomicReference<SessionInputBuffer> read = new AtomicReference<>();
    return ManagedHttpClientConnectionFactory.builder()
        .http1Config(lines)
        .responseParserFactory(config -> remembering(read, heads.create(config)))
        .requestWriterFactory(
            () -> checking(read, DefaultHttpRequestWriterFactory.INSTANCE.create()))
        .incomingContentLengthStrategy(Connections::length)
        .build()
        .createConnection(socket);
  }

  /** Of an answer that says it in a way nobody understands: until the connection ends. */
  private static long length(HttpMessage answer) {
    try {
      return DefaultContentLengthStrategy.INSTANCE.determineLength(answer);
    } catch (HttpException e) {
      return ContentLengthStrategy.UNDEFINED;
    }
  }

  private static HttpMessageParser<ClassicHttpResponse> remembering(
      AtomicReference<SessionInputBuffer> read, HttpMessageParser<ClassicHttpResponse> parser) {
    return (buffer, stream) -> {
      read.setPlain(buffer);
      return parser.parse(buffer, stream);
    };
  }

  private static HttpMessageWriter<ClassicHttpRequest> checking(
      AtomicReference<SessionInputBuffer> read, HttpMessageWriter<ClassicHttpRequest> writer) {
    return (request, buffer, stream) -> {
      SessionInputBuffer before = read.getPlain();
      if (before != null && before.length() > 0) {
        throw new IOException("the server sent more than its last answer");
      }
      writer.write(request, buffer, stream);
    };
  }
}
