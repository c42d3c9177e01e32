package io.quikqueue.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Tells a connection that was dead before the request from one that broke because of it. */
final class StaleDetector extends HttpRequestExecutor {

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      HttpResponseInformationCallback callback,
      HttpContext context)
      throws IOException, HttpException {
    EndpointDetails details = connection.getEndpointDetails();
    boolean reused = details != null && details.getResponseCount() > 0;
    long before = reused ? details.getReceivedBytesCount() : 0;
    try {
      return super.execute(request, connection, callback, context);
    } catch (InterruptedIOException e) {
      throw e; // it waited: the connection was alive
    } catch (IOException e) {
      if (reused && details.getReceivedBytesCount() == before) {
        throw new StaleConnectionException(e);
      }
      throw e;
    }
  }
}
